"""The fictional city 云州市 for demonstrations: departments, entries, tables, accounts, releases."""
