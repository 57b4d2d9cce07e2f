"""Tests of protocols that others implement: they talk plain HTTP to an address, with a key."""
