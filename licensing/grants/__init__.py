"""Grants: what an agreement allows, checked by the machine at each call.

Source: SX-18, HB-24, TZ-14, QD-16, JS-17.
"""
