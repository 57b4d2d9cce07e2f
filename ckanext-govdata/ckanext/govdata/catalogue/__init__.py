"""The catalogue of government information resources: code lists, codes, bulk loading, indexing, search."""
