"""Cases for tests: partners that are verified, data of every share type, and each stage of a case."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from licensing.agreements.lifecycle import IN_FORCE
from licensing.agreements.models import Agreement
from licensing.applications import acceptance, decisions, provision, service
from licensing.applications.decisions import Citation
from licensing.applications.drafts import Draft, Item
from licensing.applications.models import Case
from licensing.core.lifecycle import Lifecycle
from licensing.core.store.ids import new_id
from licensing.core.store.step import begin
from licensing.local.models import LocalDataset
from licensing.parties import service as parties
from licensing.parties.departments import register_department
from licensing.parties.identity import IdentityKey
from licensing.parties.numbers import uscc_check
from licensing.ports import Context
from licensing.signatures.models import Document
from tests.factories.licensing_world import principal

KEY = IdentityKey(bytes(range(32)))
LAW = (Citation("law", "中华人民共和国数据安全法", "第三十八条"),)
DEPARTMENTS = ("d-health", "d-transport", "d-police", "d-new")
MORE_DATASETS: Mapping[str, tuple[str, str, str | None]] = {
    "free": ("unconditional", "unconditional", None),
    "free-shared-in": ("unconditional", "unconditional", "d-police"),
    "closed": ("none", "none", None),
    "records": ("conditional", "conditional", None),
}
"""Share type, open type, original provider."""
FIELDS = ("place", "owner", "time")


def uscc(number: int) -> str:
    """A valid credit code of no enterprise in particular."""
    first = f"91110000MA{number:07d}"
    return first + uscc_check(first)


def settle(session: Session, ctx: Context) -> None:
    """Departments, two verified partners, and data of every type; ``ctx`` acts as the administrator."""
    for name in DEPARTMENTS:
        register_department(session, ctx, name, f"{name} 局")
    for number, name in enumerate(("p-river", "p-hill")):
        parties.register_legal(session, ctx, f"合作企业{number}", uscc(number), partner_id=name)
        parties.verify(session, ctx, name, method="electronic_licence")
    for name, (share, opened, original) in MORE_DATASETS.items():
        fields = [{"name": each, "type": "string", "level": "L1"} for each in FIELDS]
        session.add(
            LocalDataset(
                id=name, title=name, provider="d-transport", original_provider=original, share_type=share,
                open_type=opened, fields=fields, releases=[],
            )
        )  # fmt: skip
    session.flush()


def as_(session: Session, ctx: Context, who: str) -> Context:
    """The context of one of the people."""
    return ctx.acting_as(principal(session, who))


def draft(*datasets: str, **more: object) -> Draft:
    """A complete application."""
    given: dict[str, object] = {
        "items": tuple(Item(each) for each in datasets or ("records",)),
        "purpose": "核验停车优惠资格",
        "grounds": "依据停车管理职责办理优惠资格核验",
        "system": "便民服务系统",
        "statement": "详见方案",
        **more,
    }
    return Draft(**given)  # type: ignore[arg-type]


APPLICANTS = {
    "sharing": ("u-applicant", "department", "d-health"),
    "opening": ("u-partner", "partner", "p-river"),
    "interested_party": ("u-partner", "partner", "p-river"),
    "development": ("u-partner", "partner", "p-river"),
    "co_development": ("u-partner", "partner", "p-river"),
}


def new_case(session: Session, ctx: Context, kind: str = "sharing", content: Draft | None = None) -> Case:
    """A draft of that kind."""
    who, applicant_kind, applicant = APPLICANTS[kind]
    content = content or draft("closed" if kind == "interested_party" else "records")
    acting = as_(session, ctx, who)
    return service.create(
        session, acting, kind=kind, applicant_kind=applicant_kind, applicant_id=applicant, draft=content
    )


def submitted(session: Session, ctx: Context, kind: str = "sharing", content: Draft | None = None) -> Case:
    """A case that waits for the platform."""
    case = new_case(session, ctx, kind, content)
    return service.submit(session, as_(session, ctx, APPLICANTS[kind][0]), case.id)


def accepted(session: Session, ctx: Context, kind: str = "sharing", content: Draft | None = None) -> Case:
    """A case that waits for the provider."""
    case = submitted(session, ctx, kind, content)
    return acceptance.accept(session, as_(session, ctx, "u-platform"), case.id)


def refused(session: Session, ctx: Context, kind: str = "sharing", content: Draft | None = None) -> Case:
    """A case whose applicant was told of the refusal."""
    case = accepted(session, ctx, kind, content)
    provider = as_(session, ctx, "u-provider")
    decisions.refuse(session, provider, case.id, reason="超出共享范围", basis=LAW)
    return decisions.notify(session, as_(session, ctx, "u-platform"), case.id)


def prepared(session: Session, ctx: Context, kind: str = "sharing", content: Draft | None = None) -> Case:
    """A case whose applicant was told of the approval."""
    case = accepted(session, ctx, kind, content)
    decisions.approve(session, as_(session, ctx, "u-provider"), case.id, reason="符合条件")
    return decisions.notify(session, as_(session, ctx, "u-platform"), case.id)


def provided(session: Session, ctx: Context, content: Draft | None = None) -> Case:
    """A case whose data are in use."""
    case = prepared(session, ctx, "sharing", content)
    provider = as_(session, ctx, "u-provider")
    provision.review_confidentiality(session, provider, case.id, passed=True, opinion="不涉密，可以提供")
    return provision.provide(session, provider, case.id)


def signed_agreement(session: Session, ctx: Context, case: Case, kind: str, **other: str) -> Agreement:
    """An agreement of the case that both sides have signed; ``other`` columns differ from that.

    How signatures come about is tested with agreements and signatures.
    """
    document = Document(
        id=new_id(), kind="agreement", subject_id=case.id, title="协议", national=False, manifest={},
        signatories=[], places={}, source_sha256="0" * 64, file_sha256="0" * 64,
    )  # fmt: skip
    state = other.pop("document_state", "signed")
    begin(session, ctx, Lifecycle("document", state, ()), document)
    columns: dict[str, str] = {
        "number": new_id()[-32:], "kind": kind, "case_id": case.id, "applicant_id": case.applicant_id,
        "provider_id": case.provider_id or "d-transport", "applicant_kind": case.applicant_kind, **other,
    }  # fmt: skip
    agreement = Agreement(document_id=document.id, **columns)
    return begin(session, ctx, Lifecycle("agreement", IN_FORCE, ()), agreement)
