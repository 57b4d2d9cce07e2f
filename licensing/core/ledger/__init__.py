"""The ledger (存证账本): what was decided, in an order that cannot be bent afterwards.

``entry`` commits to a payload without showing it, ``chain`` links entries by two hashes, ``merkle``
proves to an outsider that an entry is in the ledger and that a later ledger extends an earlier one.
"""
