"""Published tables as people look at them: rows, counts, charts, places. Read-only, bounded in time."""
