"""Complaints that a dataset shows personal data: hidden at once, decided with reasons, appealed, erased."""
