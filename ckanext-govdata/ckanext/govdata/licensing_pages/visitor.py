"""Who looks at a page of licensing: the departments and the partner that the account acts for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from ckanext.govdata.licensing_pages import acting, names
from ckanext.govdata.licensing_pages.interface import Interface, Refused
from licensing.applications.kinds import DEPARTMENT, PARTNER, PERSON
from licensing.ports import Principal

_NOT_THERE: Final = 404


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody in whose name the visitor may apply; ``ready``: verified, or a department."""

    kind: str
    id: str
    name: str
    ready: bool = True

    @property
    def value(self) -> str:
        """As a form's field holds it."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whom the account is to the library, its departments (id → title), and its partner (the document)."""

    principal: Principal
    departments: dict[str, str]
    partner: dict[str, Any] | None

    @property
    def id(self) -> str:
        return self.principal.id

    @property
    def roles(self) -> frozenset[str]:
        return self.principal.roles

    @property
    def joined(self) -> str | None:
        """The partner that the account acts for, by id."""
        return self.principal.partner

    @property
    def decides(self) -> bool:
        """Whether cases come to the visitor's departments."""
        return acting.is_provider(self.principal)

    @property
    def office(self) -> bool:
        """Whether the visitor may see every case."""
        return acting.is_office(self.principal)

    @property
    def files(self) -> bool:
        """Whether the visitor verifies partners and accepts cases."""
        return acting.files(self.principal)

    def applicants(self) -> list[Applicant]:
        """In whose name the visitor may apply, departments first."""
        found = [Applicant(DEPARTMENT, each, title) for each, title in self.departments.items()]
        if self.partner is not None:
            kind = PARTNER if self.partner["kind"] == "legal" else PERSON
            ready = self.partner["status"] == "verified"
            found.append(Applicant(kind, self.partner["id"], self.partner["name"], ready))
        return found


def visitor(api: Interface) -> Visitor:
    """The visitor of the present request, who has logged in."""
    principal = acting.principal()
    return Visitor(
        principal,
        names.departments(principal.departments),
        _partner(api, principal.partner or principal.id),
    )


def _partner(api: Interface, partner_id: str) -> dict[str, Any] | None:
    """A natural person is registered under the account's own id, so it is found also before it has joined."""
    try:
        found = api.get(f"/partners/{partner_id}")
    except Refused as refused:
        if refused.status == _NOT_THERE:
            return None
        raise
    return {**found.document, "etag": found.version}
