"""Validity: the share of checked rows in which every cell is what the dictionary says."""

from __future__ import annotations

from ckanext.govdata.quality.part import Part, share


def validity(rows: int | None, bad_rows: int, structure_faults: int = 0) -> Part:
    """``rows`` were checked, ``bad_rows`` of them hold a fault; None where nothing was checked.

    A fault of the file's structure (a column that the dictionary does not have, one that is missing)
    costs a twentieth each, for it concerns every row.

    >>> validity(1000, 10).points, validity(1000, 0, 2).points, validity(None, 0).points
    (99, 90, None)
    """
    if rows is None:
        return Part("validity", None)
    score = share(rows - bad_rows, rows) - 0.05 * structure_faults
    facts = {"rows": rows, "bad": bad_rows, "structure": structure_faults}
    return Part("validity", max(0.0, score), facts)
