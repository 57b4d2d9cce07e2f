"""Public statistics of a month, a quarter or a year: authorisations, calls, downloads, availability.

Article: HB-26.
"""
