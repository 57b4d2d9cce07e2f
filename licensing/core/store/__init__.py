"""What every domain stores its cases with: types, ids, events, clocks, and the one step.

``types`` and ``base`` shape the tables, ``engine`` opens a database, ``events`` and ``clocks`` hold what
happened and what is due, ``step`` is the only way by which a stored subject changes its status.
"""
