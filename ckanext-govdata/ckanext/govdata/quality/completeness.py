"""Completeness: the share of cells that are filled."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.govdata.quality.part import Part, share


def completeness(rows: int, filled: Sequence[int | None]) -> Part:
    """``filled`` counts the cells with content, one number a column; None where they were not counted.

    >>> completeness(10, [10, 5]).points
    75
    """
    counted = [number for number in filled if number is not None]
    cells = rows * len(counted)
    if not cells:
        return Part("completeness", None)
    full = sum(number >= rows for number in counted)
    facts = {"cells": cells, "empty": cells - sum(counted), "columns": len(counted), "full_columns": full}
    return Part("completeness", share(sum(counted), cells), facts)
