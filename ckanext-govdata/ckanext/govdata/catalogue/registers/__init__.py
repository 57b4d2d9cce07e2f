"""What the catalogue's administration keeps on record beside the entries: one register a file."""
