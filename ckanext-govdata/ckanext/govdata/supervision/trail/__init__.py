"""The whole trail of one dataset or one case on one page, for the administrator and auditors (SX-20).

- ``phases``: which step belongs to which part of the life cycle
- ``scope``: what belongs to a dataset or a case
- ``lines``: what happened, out of the portal's histories and the library's, with the ledger's entries
- ``present``: names and words around them
"""
