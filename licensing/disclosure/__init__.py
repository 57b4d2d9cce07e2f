"""What the two sides of authorised use disclose of a year, by the end of the March after it."""
