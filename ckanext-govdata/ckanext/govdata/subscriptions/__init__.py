"""Subscriptions by mail and webhook: who is told of new, replaced and withdrawn releases, and how.

A feed (Atom) needs none of this: it is read, nobody is told. Article: SX-15 (open data are of use when their
changes are known), SX-22 (addresses are sealed and erased with the subscription).
"""
