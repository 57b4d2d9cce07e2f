"""Authorised development of government data: parties, cases, agreements, filing, and their records.

The package imports neither CKAN nor :mod:`anonymize`. Its services take the caller's SQLAlchemy
session and never commit.
"""
