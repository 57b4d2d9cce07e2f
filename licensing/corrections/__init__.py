"""Corrections: a user of data reports doubt or error, the provider verifies, corrects or explains.

Both sides see the status. Nothing else waits: neither the access to the data, nor the business of anybody
whom the data are about (HB-23, TZ-15, QD-17).
"""
