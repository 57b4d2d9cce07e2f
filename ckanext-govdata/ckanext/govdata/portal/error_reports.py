"""A reader's report of doubtful or wrong data, handed to the library of corrections.

Article: HB-23, TZ-15, QD-17, HB-17. The library has a database and a transaction of its own: its clock, its
ledger entry and its notice to the department begin with the report.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ckan import model

from ckanext.govdata.licensing_ports import people
from ckanext.govdata.licensing_ports.setup import setup
from licensing.corrections import service
from licensing.corrections.models import PERSON

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Reported:
    """A report of one's own: its state in words of both languages, and the department's answer."""

    id: str
    state: dict[str, str]
    place: str
    description: str
    answer: str


def can_be_made() -> bool:
    """Whether this installation has the database that reports are kept in."""
    return bool(setup().environment.get("LICENSING_DATABASE"))


def report(
    account: model.User, dataset_id: str, *, place: str, description: str, release: int | None
) -> dict[str, Any]:
    """Report something; commits. Answers the case as plain data.

    Raises:
        InvalidInput: no such entry or release, or nothing is said.
    """
    with setup().session() as session, session.begin():
        ctx = setup().context(session, people.principal_of(account, session))
        case = service.report(
            session,
            ctx,
            reporter_kind=PERSON,
            reporter_id=account.id,
            dataset_id=dataset_id,
            place=place,
            description=description,
            release=release,
        )
        session.flush()
        return service.as_dict(case)


def own(account: model.User, dataset_id: str) -> list[Reported]:
    """The account's own reports about an entry, newest first, at most twenty."""
    with setup().session() as session:
        found = service.list_corrections(session, reporter_id=account.id, dataset_id=dataset_id, limit=SHOWN)
        return [
            Reported(told["id"], told["status_label"], told["place"], told["description"], told["answer"])
            for told in map(service.as_dict, found)
        ]
