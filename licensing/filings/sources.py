"""What is filed and granted, read from the agreement itself: nobody who files can say otherwise."""

from __future__ import annotations

from sqlalchemy.orm import Session

from licensing.agreements import versions
from licensing.agreements.models import Agreement
from licensing.agreements.parties import Party
from licensing.agreements.service import granted_of
from licensing.core.errors import InvalidInput
from licensing.core.store.step import load
from licensing.filings.facts import (
    AgreementFacts,
    Attachment,
    ConsentFacts,
    DatasetFacts,
    DecisionFacts,
    PartyFacts,
    Submission,
    parse,
)
from licensing.filings.facts import (
    plain as as_dict,
)
from licensing.ports import Context
from licensing.signatures.models import Document
from licensing.signatures.service import current_file


def agreement_facts(session: Session, agreement_id: str) -> AgreementFacts:
    """The signed version of an agreement.

    Raises:
        NotFound: there is no such agreement.
        InvalidInput: it is not signed by all.
    """
    agreement = load(session, Agreement, agreement_id)
    if agreement.signed_edition is None or agreement.document_id is None:
        raise InvalidInput("协议尚未签署完毕。", "The agreement is not signed by all sides.")
    version = versions.version_of(session, agreement, agreement.signed_edition)
    terms = versions.terms_of(version)
    if terms.purpose is None or terms.scope is None or terms.term is None:
        raise InvalidInput("协议条款不完整。", "The agreement lacks items.")
    parties = versions.parties_of(session, version)
    return AgreementFacts(
        id=agreement.id,
        number=agreement.number,
        status=agreement.status,
        parties=(_party(parties.provider, "provider"), _party(parties.applicant, "applicant")),
        datasets=tuple(
            DatasetFacts(id=each.dataset, fields=tuple(field.name for field in each.fields))
            for each in terms.data
        ),
        purpose=terms.purpose.text,
        system=terms.scope.system,
        begins=terms.term.first_day,
        ends=terms.term.last_day,
        document_id=agreement.document_id,
        case_id=agreement.case_id,
    )


def decision_facts(session: Session, agreement_id: str) -> DecisionFacts:
    """What the case granted, as the agreement was checked against it.

    Raises:
        NotFound: there is no such agreement, or nothing was granted.
    """
    agreement = load(session, Agreement, agreement_id)
    granted = granted_of(session, agreement)
    return DecisionFacts(
        case_id=agreement.case_id,
        approved=True,
        datasets=tuple(DatasetFacts(id=name, fields=tuple(f)) for name, f in granted.datasets.items()),
        purpose=granted.purpose,
    )


def package_of(
    session: Session,
    ctx: Context,
    agreement_id: str,
    *,
    plan: str,
    consents: tuple[ConsentFacts, ...] = (),
    attachments: tuple[Attachment, ...] = (),
) -> Submission:
    """:func:`submission` with the signed agreement itself among the attachments.

    Raises:
        InvalidInput: not signed by all, or ill-formed.
    """
    facts = agreement_facts(session, agreement_id)
    document = load(session, Document, facts.document_id)
    if all(each.sha256 != document.file_sha256 for each in attachments):
        size = len(current_file(ctx, document))
        own = Attachment(kind="agreement", name=f"{facts.number}.pdf", sha256=document.file_sha256, size=size)
        attachments = (own, *attachments)
    return submission(session, agreement_id, plan=plan, consents=consents, attachments=attachments)


def submission(
    session: Session,
    agreement_id: str,
    *,
    plan: str,
    consents: tuple[ConsentFacts, ...] = (),
    attachments: tuple[Attachment, ...] = (),
) -> Submission:
    """The package of a department: only plan, consents and attachments are its own to say.

    Raises:
        InvalidInput: not signed by all, or ill-formed.
    """
    made = Submission(
        agreement=agreement_facts(session, agreement_id),
        decision=decision_facts(session, agreement_id),
        plan=plan,
        consents=consents,
        attachments=attachments,
    )
    return parse(as_dict(made), Submission)


def _party(party: Party, role: str) -> PartyFacts:
    data = {
        "id": party.id, "kind": party.kind, "role": role, "name": party.name, "identifier": party.identifier,
    }  # fmt: skip
    return parse(data, PartyFacts)
