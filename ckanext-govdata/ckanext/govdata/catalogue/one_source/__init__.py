"""One datum, one source: what another department provides already is found while an entry is compiled.

Article: JS-11, HB-14, SX-10, QD-27(6).
"""
