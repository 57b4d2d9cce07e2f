"""The demonstration city 云州市 (fictional): departments, catalogue entries, tables, accounts and releases."""
