"""Filing (备案) of authorisations, and of sharing outside the catalogue or the platform.

Source: SX-17, JS-13, JS-14.
"""
