"""The parts of a policy: a rule for a column, a rule for records, an allowance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anonymize.entities import Entity
from anonymize.findings import DeclaredType, OperatorSpec, Sentence
from anonymize.grading import basis


def spec_dict(spec: OperatorSpec) -> dict[str, Any]:
    """An operator as it stands in a policy file."""
    return {"operator": spec.name, "params": dict(spec.params)}


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """What is done to one column. ``level``: 1 public, 2 internal, 3 personal, 4 sensitive."""

    name: str
    operator: OperatorSpec
    entity: Entity | None = None
    level: int = 2
    declared_type: DeclaredType = "text"
    description: str = ""

    @property
    def basis(self) -> Sentence:
        """The level in words, and where GB/T 35273-2020 names this kind of value."""
        return basis(self.entity, self.level)

    def as_dict(self) -> dict[str, Any]:
        """As it stands in a policy file."""
        return {
            "name": self.name,
            **spec_dict(self.operator),
            "entity": None if self.entity is None else self.entity.value,
            "level": self.level,
            "declared_type": self.declared_type,
            "description": self.description,
        }


@dataclass(frozen=True, slots=True)
class Allowance:
    """Values of one kind that a public body publishes of itself, and that may therefore stay.

    A cell is allowed when it is one of ``values``, starts with one of ``prefixes`` (both compared in normal
    form: ``０２７-65190000`` is ``02765190000``), or stands in a column of ``columns``. ``reason``:
    whose they are.
    """

    entity: Entity
    values: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    reason: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As it stands in a policy file."""
        return {
            "entity": self.entity.value,
            "values": list(self.values),
            "prefixes": list(self.prefixes),
            "columns": list(self.columns),
            "reason": self.reason,
        }


ALLOWABLE = frozenset(
    {
        Entity.LANDLINE,
        Entity.MOBILE,
        Entity.EMAIL,
        Entity.ADDRESS,
        Entity.COORDINATES,
        Entity.WECHAT,
        Entity.PERSON,
    }
)
"""Kinds that an office has of its own: telephones, addresses, mail, accounts, officials by their names."""

BY_COLUMN = frozenset({Entity.LANDLINE, Entity.ADDRESS, Entity.COORDINATES})
"""Kinds of which a whole column may be allowed; the others are named one by one."""
LEAST_PREFIX: Mapping[Entity, int] = {Entity.LANDLINE: 6, Entity.ADDRESS: 6}
"""Kinds that may be allowed by their beginning, and the letters and digits it needs at least: an area code and the head
of an exchange, a road. The beginning of a mobile number or of a name would let everybody through."""  # noqa: E501
