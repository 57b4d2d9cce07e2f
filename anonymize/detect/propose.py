"""Which operator a column is offered first; the officer may choose another."""

from __future__ import annotations

from anonymize.entities import LEVEL, Entity
from anonymize.findings import ColumnKind, OperatorSpec

_BY_ENTITY: dict[Entity, OperatorSpec] = {
    Entity.RESIDENT_ID: OperatorSpec("mask"),
    Entity.PASSPORT: OperatorSpec("mask"),
    Entity.MOBILE: OperatorSpec("mask"),
    Entity.LANDLINE: OperatorSpec("mask"),
    Entity.BANK_CARD: OperatorSpec("mask"),
    Entity.EMAIL: OperatorSpec("mask"),
    Entity.PLATE: OperatorSpec("mask"),
    Entity.PERSON: OperatorSpec("mask"),
    Entity.USCC: OperatorSpec("keep"),
    Entity.ADDRESS: OperatorSpec("generalise", {"to": "county"}),
    Entity.DATE_OF_BIRTH: OperatorSpec("generalise", {"to": "year"}),
    Entity.RESIDENCE_PERMIT: OperatorSpec("mask"),
    Entity.FOREIGN_PERMIT: OperatorSpec("mask"),
    Entity.TRAVEL_PERMIT: OperatorSpec("mask"),
    Entity.DRIVING_LICENCE: OperatorSpec("mask"),
    Entity.SOCIAL_SECURITY: OperatorSpec("mask"),
    Entity.STUDENT_NUMBER: OperatorSpec("mask"),
    Entity.ORGANIZATION_CODE: OperatorSpec("keep"),
    Entity.IP: OperatorSpec("mask"),
    Entity.MAC: OperatorSpec("mask"),
    Entity.IMEI: OperatorSpec("mask"),
    Entity.WECHAT: OperatorSpec("mask"),
    Entity.QQ: OperatorSpec("mask"),
    Entity.AGE: OperatorSpec("generalise", {"to": "band", "width": 10}),
    Entity.COORDINATES: OperatorSpec("round", {"step": 0.1}),
    Entity.ETHNIC_GROUP: OperatorSpec("keep"),
    Entity.POST: OperatorSpec("keep"),
    Entity.RELIGION: OperatorSpec("redact"),
    Entity.HEALTH: OperatorSpec("redact"),
}
"""Every kind has its operator. A tenth of a degree is about eleven kilometres, the size of a county; what is kept as a
class is suppressed in the rows that stand out (``suggest``)."""  # noqa: E501


def operator_for(kind: ColumnKind, entity: Entity | None, quasi: str | None, embedded: bool) -> OperatorSpec:
    """Identifiers are masked, dates and places made coarse, prose and mixed cells redacted, the rest kept.

    A plain column with an entity is what an organisation publishes of itself (its code, where it is).
    """
    if quasi == "pairs":
        return OperatorSpec("redact")
    if entity is not None and not (kind in ("plain", "quasi") and embedded):
        return OperatorSpec("keep") if kind == "plain" else _BY_ENTITY[entity]
    if kind in ("free_text", "identifier") or embedded:
        return OperatorSpec("redact")
    if quasi == "age":
        return OperatorSpec("generalise", {"to": "band", "width": 10})
    return OperatorSpec("keep")


def level_of(kind: ColumnKind, entity: Entity | None, embedded: tuple[Entity, ...]) -> int:
    """1 public, 2 internal, 3 personal, 4 sensitive (GB/T 35273-2020 annex B)."""
    levels = [LEVEL[e] for e in embedded]
    if entity is not None and kind != "plain":
        levels.append(LEVEL[entity])
    levels.append({"free_text": 3, "quasi": 2, "identifier": 3}.get(kind, 1))
    return max(levels)
