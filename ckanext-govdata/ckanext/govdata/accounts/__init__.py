"""Accounts that act together, stand in for each other, and are recovered."""
