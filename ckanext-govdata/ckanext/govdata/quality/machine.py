"""Machine-readability: open formats, a schema, an API, and columns with types.

The steps follow the five stars of open data: on line, structured, in an open format, described and
addressable.
"""

from __future__ import annotations

from collections.abc import Iterable

from ckanext.govdata.quality.part import Part, share

STRUCTURED = frozenset({"csv", "json", "xml", "parquet", "xlsx", "geojson", "jsonl"})
OPEN = frozenset({"csv", "json", "xml", "parquet", "geojson", "jsonl"})


def machine(formats: Iterable[str], has_api: bool, text_instead: int, columns: int) -> Part:
    """``text_instead`` counts columns whose cells do not bear out the type that the dictionary declares.

    >>> machine(["csv", "schema"], True, 0, 8).points, machine(["pdf"], False, 0, 8).points
    (100, 10)
    """
    names = {name.lower() for name in formats}
    steps = (
        bool(names & STRUCTURED),
        bool(names & OPEN),
        "schema" in names,
        has_api,
    )
    typed = share(columns - text_instead, columns)
    score = 0.3 * steps[0] + 0.3 * steps[1] + 0.15 * steps[2] + 0.15 * steps[3] + 0.1 * typed
    facts = {
        "formats": len(names & STRUCTURED),
        "open": int(steps[1]),
        "schema": int(steps[2]),
        "api": int(steps[3]),
        "untyped": text_instead,
    }
    return Part("machine", min(1.0, score), facts)
