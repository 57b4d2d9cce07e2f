"""Timeliness: whether the data came within the update cycle that the entry promises.

Article: JS-15 (shared data that changed are refreshed in time; overdue is shown).
"""

from __future__ import annotations

from ckanext.govdata.quality.part import Part


def timeliness(age_days: int, cycle_days: int | None) -> Part:
    """Full within the cycle, then falling evenly to nothing at three cycles; unknown without a cycle.

    >>> [timeliness(days, 31).points for days in (0, 31, 62, 93, 400)]
    [100, 100, 50, 0, 0]
    """
    if cycle_days is None or cycle_days <= 0:
        return Part("timeliness", None, {"age": max(age_days, 0)})
    late = max(0, age_days - cycle_days)
    score = max(0.0, 1.0 - late / (2 * cycle_days))
    return Part("timeliness", score, {"age": max(age_days, 0), "cycle": cycle_days, "late": late})
