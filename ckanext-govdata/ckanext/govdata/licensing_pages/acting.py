"""For whom the account of the present request acts: departments, a partner, the office."""

from __future__ import annotations

from dataclasses import dataclass

from ckan.plugins import toolkit as tk

from ckanext.govdata.licensing_pages import names
from ckanext.govdata.licensing_pages.interface import Interface, Refused
from ckanext.govdata.licensing_ports import people
from ckanext.govdata.licensing_ports.setup import setup
from licensing.ports import ADMINISTRATOR, OFFICE_ROLES, PLATFORM, PROVIDER, Principal


@dataclass(frozen=True, slots=True)
class Signer:
    """A party that the account signs for; ``kind`` is department, partner, person or office."""

    kind: str
    id: str
    name: str


def principal() -> Principal:
    """The account as the library knows it."""
    here = setup()
    with here.session() as session:
        return people.principal_of(tk.current_user, session)


def is_provider(who: Principal) -> bool:
    """Whether the account decides for a department."""
    return PROVIDER in who.roles and bool(who.departments)


def is_office(who: Principal) -> bool:
    """Whether the account may look at everything."""
    return bool(who.roles & OFFICE_ROLES)


def files(who: Principal) -> bool:
    """Whether the account takes filings on record and issues certificates."""
    return bool(who.roles & {ADMINISTRATOR, PLATFORM})


def signers(who: Principal, library: Interface) -> list[Signer]:
    """Whom the account may have a certificate for."""
    found = [Signer("department", each, name) for each, name in names.departments(who.departments).items()]
    if who.partner is not None:
        try:
            partner = library.get(f"/partners/{who.partner}").document
        except Refused:
            partner = None
        if partner is not None:
            kind = "person" if partner["kind"] == "natural" else "partner"
            found.append(Signer(kind, partner["id"], partner["name"]))
    office = setup().office()
    if office is not None and ADMINISTRATOR in who.roles:
        found.append(Signer("office", office.id, office.name))
    return found
