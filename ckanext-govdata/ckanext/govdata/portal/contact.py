"""Who answers for an entry, and how one gets its data: what a reader asks who did not find a file.

Article: SX-15, JS-9 (the catalogue says for each entry how to get it), JS-30, TZ-20, QD-26 (responsible
persons).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ckan import model

from ckanext.govdata.portal import site


@dataclass(frozen=True, slots=True)
class Contact:
    """The department, its responsible person and contact; the operator's telephone where it names none."""

    title: str
    name: str
    person: str
    contact: str
    platform: str


def of(dataset: dict[str, Any]) -> Contact | None:
    """Whom to ask about ``dataset``; None for an entry without a department."""
    found = model.Group.get(dataset.get("owner_org") or "")
    if found is None:
        return None
    extras = found.extras or {}
    return Contact(
        found.title or found.name,
        found.name,
        extras.get("responsible_person", ""),
        extras.get("contact", ""),
        site.current().phone,
    )
