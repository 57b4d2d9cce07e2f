"""The catalogue for machines: one public picture of an entry, and one module a standard that draws it."""
