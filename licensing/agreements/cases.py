"""The facts of a decided case, read from applications, parties and the catalogue."""

from __future__ import annotations

from typing import Final, Literal, cast

from sqlalchemy.orm import Session

from licensing.agreements.errors import AgreementRefused
from licensing.agreements.facts import CaseFacts, GrantedDataset
from licensing.agreements.parties import Party
from licensing.applications.consents import consents_of
from licensing.applications.kinds import SECRET
from licensing.applications.lifecycle import APPROVED, GIVEN, PREPARING, PROVIDED
from licensing.applications.models import Case
from licensing.applications.steps import items_of
from licensing.core.errors import InvalidInput, NotFound
from licensing.core.store.step import load
from licensing.parties.models import Department, PartnerIdentity
from licensing.ports import Context

DECIDED: Final = frozenset({APPROVED, PREPARING, PROVIDED})
Mode = Literal["api", "exchange", "query", "batch", "offline"]
Side = Literal["partner", "person"]
Sensitive = Literal["personal", "commercial"]


def facts_of(
    session: Session,
    ctx: Context,
    case_id: str,
    *,
    applicant: Party | None = None,
    products: tuple[str, ...] = (),
) -> CaseFacts:
    """What :func:`licensing.agreements.service.create` needs.

    ``applicant``: with more details than the register has; needed for somebody who is not registered.

    Raises:
        NotFound: no such case, or a party or dataset of it is not registered.
        AgreementRefused: the case is not decided in favour of the applicant.
        InvalidInput: ``applicant`` is somebody else.
    """
    case = load(session, Case, case_id)
    if case.status not in DECIDED:
        raise AgreementRefused(
            "申请尚未获得同意，不能起草协议。", "The case is not approved: no agreement is drafted of it."
        )
    if case.platform is not None:
        raise AgreementRefused(
            "数据由其他平台持有，协议在该平台签订。",
            "Another platform holds the data; the agreement is made there.",
        )
    if applicant is not None and (applicant.id, applicant.kind) != (case.applicant_id, case.applicant_kind):
        raise InvalidInput("乙方不是该申请的申请人。", "Party B is not the applicant of this case.")
    consents = {each.dataset_id: each.id for each in consents_of(session, case.id) if each.status == GIVEN}
    datasets = tuple(
        _dataset(ctx, item.dataset_id, tuple(item.granted), consents.get(item.dataset_id, ""))
        for item in items_of(session, case.id)
        if item.granted
    )
    return CaseFacts(
        case_id=case.id,
        provider=party_of(session, "department", case.provider_id),
        applicant=applicant or party_of(session, case.applicant_kind, case.applicant_id),
        datasets=datasets,
        purpose=case.purpose,
        system=_named(case.system),
        mode=cast(Mode, case.mode),
        years=case.years,
        products=products,
        sensitive=cast("tuple[Sensitive, ...]", tuple(each for each in case.sensitive if each != SECRET)),
        secret=SECRET in case.sensitive,
    )


def _named(system: str) -> str:
    """The system that the agreement is about: the first line; what stands below are its security measures.

    Every call names it in a header, and the agreement has its duties of security in an item of their own.
    """
    return system.strip().partition("\n")[0].strip()


def _dataset(ctx: Context, dataset_id: str, fields: tuple[str, ...], consent: str) -> GrantedDataset:
    info = ctx.catalogue.dataset(dataset_id)
    if info is None:
        raise NotFound("目录中没有申请的数据。", "The catalogue has no such dataset any more.")
    return GrantedDataset(info, fields, consent)


def party_of(session: Session, kind: str, party_id: str) -> Party:
    """A party as the register has it now.

    Raises:
        NotFound: it is not registered, or was erased.
    """
    if kind == "department":
        return _department(session, party_id)
    row = session.get(PartnerIdentity, party_id)
    if row is None:
        raise _unknown()
    kind = "person" if kind == "person" else "partner"
    identifier, shown = (row.uscc, "") if row.uscc else (row.partner_id, row.masked or "")
    return Party(
        id=row.partner_id, kind=cast(Side, kind), name=row.name, identifier=identifier, shown_identifier=shown
    )


def _department(session: Session, department_id: str) -> Party:
    row = session.get(Department, department_id)
    if row is None:
        raise _unknown()
    return Party(id=row.id, kind="department", name=row.name, identifier=row.uscc or "")


def _unknown() -> NotFound:
    return NotFound(
        "没有找到协议一方的登记信息，请先登记。",
        "A party of the agreement is not registered; register it first.",
    )
