"""What a scan says: counts and shares, never a value."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, TypeVar, get_args

from anonymize.entities import Entity
from anonymize.errors import WrongUse

T = TypeVar("T")
ColumnKind = Literal["empty", "identifier", "quasi", "free_text", "plain"]
"""identifier: one personal value a cell; quasi: identifies only in combination (date of birth,
region, sex); free_text: prose that may hold anything; plain: nothing personal."""

DeclaredType = Literal["text", "integer", "decimal", "boolean", "date", "datetime"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One reason or message, in both languages of the interface."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class OperatorSpec:
    """An operator by name and its parameters, as they stand in a policy file."""

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ColumnFinding:
    """What one column holds.

    ``share`` is ``matched / distinct``: the share of *distinct non-empty values* that pass the
    recognizer whole (a true ID column passes near 1.0, a coincidence at 0.09–0.10).
    ``embedded`` counts *rows* in which an entity stands inside a longer text.
    """

    index: int
    name: str
    kind: ColumnKind
    entity: Entity | None
    confidence: float
    rows: int
    nulls: int
    distinct: int
    matched: int
    embedded: Mapping[Entity, int]
    level: int
    declared_type: DeclaredType
    max_length: int
    proposed: OperatorSpec
    reason: Sentence

    @property
    def share(self) -> float:
        return self.matched / self.distinct if self.distinct else 0.0

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ColumnFinding:
        """One column as ``report.findings_as_dict`` wrote it.

        Raises:
            FindingsInvalid: a key is missing or unknown, or a value is of another kind.
        """
        return _column(data)


@dataclass(frozen=True, slots=True)
class SourceInfo:
    """The file as it came: nothing here is content."""

    name: str
    format: str
    encoding: str | None
    delimiter: str | None
    size: int
    sha256: str
    rows: int
    columns: tuple[str, ...]
    header_rows: int
    """Rows taken as title and header (a title row and a merged header make 3, say)."""


@dataclass(frozen=True, slots=True)
class Findings:
    """The outcome of ``anonymize.scan``."""

    source: SourceInfo
    columns: tuple[ColumnFinding, ...]
    secret_marking: Sentence | None
    """Set when the material carries a secrecy marking (绝密/机密/秘密★): it may not enter (SX-2)."""
    version: str
    notes: tuple[Sentence, ...] = ()
    """What a person should know about how the source was read (sheets left out, digits lost by Excel)."""

    profiles: tuple[Any, ...] = field(default=(), compare=False, repr=False)
    """What the scan gathered of each column (``detect.profile.ColumnProfile``), while it is in memory: a
    column that leaves unchanged needs no second look. It holds cells, so it goes into no document."""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Findings:
        """Findings as ``report.findings_as_dict`` wrote them; without profiles: all of an output is scanned.

        Raises:
            FindingsInvalid: a key is missing or unknown, or a value is of another kind.
        """
        _only(data, {"source", "columns", "secret_marking", "version"})
        marking = data["secret_marking"]
        return cls(
            source=_source(data["source"]),
            columns=tuple(_column(column) for column in data["columns"]),
            secret_marking=None if marking is None else _sentence(marking),
            version=_is(data["version"], str),
        )

    @property
    def personal(self) -> tuple[ColumnFinding, ...]:
        """Columns that may not stay as they are."""
        return tuple(c for c in self.columns if c.kind in ("identifier", "free_text") or c.embedded)


class FindingsInvalid(WrongUse):
    """Stored findings that are not understood as a whole."""

    code, status = "findings_invalid", 422


_COUNTS = ("index", "rows", "nulls", "distinct", "matched", "level", "max_length")
_COLUMN_KEYS = frozenset(
    {
        "name",
        "kind",
        "entity",
        "confidence",
        "share",
        "embedded",
        "declared_type",
        "proposed",
        "reason",
        *_COUNTS,
    }
)


def _invalid(what: str) -> FindingsInvalid:
    return FindingsInvalid(
        "保存的识别结果不完整或已改动（{what}）。请重新识别。",
        "The stored findings are incomplete or were changed ({what}). Scan again.",
        what=what,
    )


def _only(data: object, keys: Collection[str]) -> Mapping[str, Any]:
    if not isinstance(data, Mapping) or set(data) != set(keys):
        odd = sorted(map(str, set(data) ^ set(keys))) if isinstance(data, Mapping) else [type(data).__name__]
        raise _invalid(", ".join(odd))
    return data


def _is(value: object, kind: type[T]) -> T:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise _invalid(kind.__name__)
    return value


def _one_of(value: object, known: Any) -> Any:
    if value not in get_args(known):
        raise _invalid("kind")
    return value


def _entity(value: object) -> Entity:
    try:
        return Entity(value)
    except ValueError:
        raise _invalid("entity") from None


def _sentence(data: object) -> Sentence:
    both = _only(data, {"zh", "en"})
    return Sentence(_is(both["zh"], str), _is(both["en"], str))


def _column(data: Mapping[str, Any]) -> ColumnFinding:
    _only(data, _COLUMN_KEYS)
    proposed = _only(data["proposed"], {"name", "params"})
    counts = {key: _is(data[key], int) for key in _COUNTS}
    return ColumnFinding(
        **counts,
        name=_is(data["name"], str),
        kind=_one_of(data["kind"], ColumnKind),
        entity=None if data["entity"] is None else _entity(data["entity"]),
        confidence=float(_is(data["confidence"], (int, float))),  # type: ignore[arg-type]
        embedded={_entity(name): _is(rows, int) for name, rows in _is(data["embedded"], dict).items()},
        declared_type=_one_of(data["declared_type"], DeclaredType),
        proposed=OperatorSpec(_is(proposed["name"], str), dict(_is(proposed["params"], dict))),
        reason=_sentence(data["reason"]),
    )


def _source(data: object) -> SourceInfo:
    known = [f.name for f in fields(SourceInfo)]
    told = _only(data, known)
    for key in ("name", "format", "sha256"):
        _is(told[key], str)
    for key in ("size", "rows", "header_rows"):
        _is(told[key], int)
    columns = tuple(_is(name, str) for name in told["columns"])
    return SourceInfo(**{**told, "columns": columns})
