"""A published CSV against its dictionary, by frictionless.

What comes back names columns, kinds of fault and counts, never a cell. The dictionary is the entry's own
information items, so that a table that does not keep to it is found although its file is well-formed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from ckanext.govdata.quality.dictionary import items_by_name

MOST_ROWS = 100_000
MOST_FAULTS = 1_000
NAMED_ROWS = 20
_TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer", "groupChar": ","},
    "number": {"type": "number", "groupChar": ","},
    "date": {"type": "date", "format": "%Y-%m-%d"},
    "datetime": {"type": "datetime", "format": "%Y-%m-%d %H:%M:%S"},
    "boolean": {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
}


@dataclass(frozen=True, slots=True)
class Fault:
    """``count`` cells (or 1 for the column itself) of ``column`` have the fault ``kind``.

    ``rows`` are the first of them, by their place in the file, whose header is row 1.
    """

    kind: str
    column: str
    count: int
    rows: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """``rows`` were read; ``whole`` unless the file has more. ``bad_rows`` of them hold a fault."""

    rows: int
    whole: bool
    bad_rows: int
    faults: list[Fault] = field(default_factory=list)

    @property
    def structure_faults(self) -> int:
        """Faults of columns as such."""
        return sum(fault.kind in {"undocumented", "missing"} for fault in self.faults)

    def document(self) -> dict[str, Any]:
        """As JSON holds it."""
        return asdict(self)

    @classmethod
    def read(cls, document: Mapping[str, Any]) -> Check:
        """From what :meth:`document` wrote."""
        return cls(**{**document, "faults": [Fault(**fault) for fault in document["faults"]]})


def schema_of(
    headers: Sequence[str], items: Sequence[Mapping[str, Any]], changed: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """The Table Schema that the dictionary asks of a file with these headers.

    Columns in ``changed`` were desensitised: their type and length are no longer those of the dictionary.
    """
    known = items_by_name(items)
    fields = []
    for header in headers:
        item = known.get(header)
        if item is None or header in changed:
            fields.append({"name": header, "type": "any"})
            continue
        kind = _TYPES.get(str(item.get("type")), {"type": "any"})
        length = str(item.get("length") or "")
        limits = (
            {"constraints": {"maxLength": int(length)}}
            if kind["type"] == "string" and length.isdigit() and int(length) > 0
            else {}
        )
        fields.append({"name": header, **kind, **limits})
    return {"fields": fields, "missingValues": [""]}


def check(
    head: bytes,
    headers: Sequence[str],
    items: Sequence[Mapping[str, Any]],
    *,
    whole: bool,
    changed: frozenset[str] = frozenset(),
    left_out: frozenset[str] = frozenset(),
) -> Check:
    """Check the rows of ``head``: the beginning of the CSV, cut at the end of a row, or all of it.

    ``left_out`` are columns that desensitising has removed: the dictionary may name them.
    """
    # Late: only a worker reads files, and the library is large.
    from frictionless import Checklist, Detector, Dialect, Resource, Schema
    from frictionless.formats import CsvControl

    resource: Any = Resource(
        head,
        format="csv",
        encoding="utf-8-sig",
        dialect=Dialect(controls=[CsvControl(delimiter=",")]),
        schema=Schema.from_descriptor(schema_of(headers, items, changed)),
        detector=Detector(schema_sync=False),
    )
    report: Any = resource.validate(Checklist(pick_errors=[]), limit_rows=MOST_ROWS, limit_errors=MOST_FAULTS)
    task = report.task
    counted: Counter[tuple[str, str]] = Counter()
    bad: set[int] = set()
    named: dict[tuple[str, str], list[int]] = {}
    for error in task.errors:
        column = str(getattr(error, "field_name", "") or "")
        what = (error.type, column if column in headers else "")
        counted[what] += 1
        row = getattr(error, "row_number", None)
        if row is not None:
            bad.add(int(row))
            named.setdefault(what, []).append(int(row))
    faults = [
        Fault(*what, count, sorted({*named.get(what, ())})[:NAMED_ROWS])
        for what, count in sorted(counted.items())
    ]
    rows = int(task.stats.get("rows") or 0)
    return Check(rows, whole and rows < MOST_ROWS, len(bad), faults + _structure(headers, items, left_out))


def _structure(
    headers: Sequence[str], items: Sequence[Mapping[str, Any]], left_out: frozenset[str]
) -> list[Fault]:
    known, there = items_by_name(items), set(headers) | left_out
    if not items:
        return []  # no dictionary at all is the dictionary's own part of the score
    undocumented = [Fault("undocumented", header, 1) for header in headers if header not in known]
    missing = [
        Fault("missing", str(item.get("label") or item.get("name")), 1)
        for item in items
        if not {str(item.get("label")), str(item.get("name"))} & there
    ]
    return undocumented + missing


def whole_rows(head: bytes) -> bytes:
    """``head`` up to the end of its last whole row; an odd number of quotes means that a cell goes on.

    >>> whole_rows(b'a,b\\r\\n1,"x\\r\\ny"\\r\\n2,"z\\r\\n')
    b'a,b\\r\\n1,"x\\r\\ny"\\r\\n'
    """
    end = len(head)
    while True:
        end = head.rfind(b"\n", 0, end)
        if end < 0:
            return b""
        if head.count(b'"', 0, end) % 2 == 0:
            return head[: end + 1]
