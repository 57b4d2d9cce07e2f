"""Parties: departments with their succession, and partners who apply for data and develop with them.

A name, a telephone or a document number of a person stands in tables of its own, which a lawful demand
empties; nothing else refers to more than an opaque id.
"""
