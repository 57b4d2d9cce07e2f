"""Data products: source and date of the government data that they use, checked (SX-18(2)); offers (SX-19)."""
