"""What people made of open data, shown once the administrator has looked at it.

Article: SX-18(2) (a product states the source and the day on which its data were obtained), SX-19.
"""
