"""The yearly evaluation (年度评估): indicator sets as data, counted from the platform's own records.

Article: QD-21 (every department is evaluated every year, published with advice; it reports by the end of
January), HBP-17 (results are kept per department and usable for project approval).
"""
