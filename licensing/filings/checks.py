"""What a package must hold before it is accepted: pure, and every finding at once.

SX-17 and SX-18 (a signed agreement, within the decision), 发改数据规〔2025〕27号 (term up to five years),
JS-17 and HB-14 (the original provider's consent to what was shared in).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from licensing.filings.errors import Finding
from licensing.filings.evidence import SignatureEvidence
from licensing.filings.facts import AgreementFacts, DatasetFacts, Submission
from licensing.ports import DatasetInfo

MAX_YEARS = 5
IN_FORCE = "in_force"
"""The state of an agreement that may be filed: signed by all, not replaced, not ended."""

PARTS = {
    "parties": ("协议双方", "Parties"),
    "agreement": ("协议和电子签名", "Agreement and its signatures"),
    "decision": ("对应的同意决定", "The decision behind it"),
    "data": ("数据清单在批准范围内", "Data within the decision"),
    "consent": ("原提供部门同意", "Consent of original providers"),
    "purpose": ("使用目的与决定一致", "Purpose as decided"),
    "system": ("使用系统", "System"),
    "term": ("期限不超过五年", "Term of at most five years"),
    "plan": ("开发利用方案", "Plan"),
    "attachments": ("附件齐全", "Attachments"),
}
"""Every part that is checked, in the order in which it is shown, with its name."""

Dataset = Callable[[str], DatasetInfo | None]


def years_later(day: date, years: int) -> date:
    """The same day some years later; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def check(
    submission: Submission,
    department: str,
    evidence: SignatureEvidence | None,
    dataset: Dataset,
) -> tuple[Finding, ...]:
    """Every fault of the package; empty when it may be accepted."""
    agreement = submission.agreement
    return (
        *_parties(agreement, department),
        *_signatures(agreement, evidence),
        *_term(agreement),
        *_scope(submission),
        *_catalogue(submission, dataset),
        *_attachments(submission, evidence),
    )


def _parties(agreement: AgreementFacts, department: str) -> Iterator[Finding]:
    roles = sorted(each.role for each in agreement.parties)
    if roles != ["applicant", "provider"]:
        yield Finding(
            "parties",
            "parties",
            "协议应当有一个提供方和一个使用方。",
            "There must be one provider, one applicant.",
        )
    elif agreement.party("provider").id != department:
        yield Finding(
            "parties",
            "other_provider",
            "协议的提供方不是报送部门。",
            "The provider is not the department that files.",
        )
    if not agreement.purpose.strip():
        yield Finding("purpose", "missing", "协议没有写明使用目的。", "The agreement states no purpose.")
    if not agreement.system.strip():
        yield Finding("system", "missing", "协议没有写明使用系统。", "The agreement states no system.")


def _signatures(agreement: AgreementFacts, evidence: SignatureEvidence | None) -> Iterator[Finding]:
    if evidence is None:
        yield Finding("agreement", "no_document", "找不到已签署的协议文件。", "There is no signed agreement.")
        return
    if agreement.status != IN_FORCE:
        yield Finding("agreement", "not_in_force", "协议不在有效状态。", "The agreement is not in force.")
    if evidence.subject_id != agreement.id:
        yield Finding(
            "agreement",
            "other_document",
            "所附文件不是本协议。",
            "The document belongs to another agreement.",
        )
    expected = {each.identifier for each in agreement.parties}
    if not evidence.complete or set(evidence.signers) != expected:
        yield Finding(
            "agreement",
            "not_signed_by_all",
            "协议未经各方全部签署。",
            "Not every party has signed the agreement.",
        )
    if not evidence.good:
        yield Finding(
            "agreement", "signature_invalid", "协议的电子签名验证不通过。", "A signature does not verify."
        )


def _term(agreement: AgreementFacts) -> Iterator[Finding]:
    if agreement.ends < agreement.begins:
        yield Finding("term", "backwards", "协议期限的止期早于起期。", "The term ends before it begins.")
    elif agreement.ends >= years_later(agreement.begins, MAX_YEARS):
        yield Finding("term", "too_long", "协议期限超过五年。", "The term is longer than five years.")


def _scope(submission: Submission) -> Iterator[Finding]:
    decision, agreement = submission.decision, submission.agreement
    if not decision.approved or decision.case_id != agreement.case_id:
        yield Finding(
            "decision",
            "not_approved",
            "没有与协议对应的同意决定。",
            "No approval of the case stands behind it.",
        )
    granted = {each.id: set(each.fields) for each in decision.datasets}
    if not agreement.datasets:
        yield Finding("data", "empty", "数据清单为空。", "The list of data is empty.")
    if len({each.id for each in agreement.datasets}) != len(agreement.datasets):
        yield Finding("data", "twice", "数据清单有重复。", "A dataset is listed twice.")
    for each in agreement.datasets:
        if not each.fields or each.id not in granted or not set(each.fields) <= granted[each.id]:
            yield _beyond(each)
    if decision.purpose and decision.purpose != agreement.purpose:
        yield Finding(
            "purpose",
            "beyond_decision",
            "协议的使用目的与决定不一致。",
            "The purpose is not that of the decision.",
        )


def _beyond(each: DatasetFacts) -> Finding:
    return Finding(
        "data",
        "beyond_decision",
        f"数据“{each.id}”超出决定的范围。",
        f'Dataset "{each.id}" goes beyond the decision.',
    )


def _catalogue(submission: Submission, dataset: Dataset) -> Iterator[Finding]:
    consented = {(each.dataset, each.department) for each in submission.consents}
    for each in submission.agreement.datasets:
        info = dataset(each.id)
        if info is None:
            yield Finding(
                "data",
                "unknown",
                f"目录中没有数据“{each.id}”。",
                f'The catalogue has no dataset "{each.id}".',
            )
            continue
        known = {field.name for field in info.fields}
        if not set(each.fields) <= known:
            yield Finding(
                "data", "unknown_field", f"数据“{each.id}”的清单列有目录中没有的信息项。",
                f'The list names fields that dataset "{each.id}" does not have.',
            )  # fmt: skip
        if info.original_provider is not None and (each.id, info.original_provider) not in consented:
            yield Finding(
                "consent", "missing", f"数据“{each.id}”为共享获得，缺少原提供部门的书面同意。",
                f'Dataset "{each.id}" was shared in; its original provider\'s consent is missing.',
            )  # fmt: skip


def _attachments(submission: Submission, evidence: SignatureEvidence | None) -> Iterator[Finding]:
    if not submission.plan.strip():
        yield Finding("plan", "missing", "缺少开发利用方案。", "The plan is missing.")
    listed = {each.sha256 for each in submission.attachments}
    for digest, name in (
        *((each.sha256, each.dataset) for each in submission.consents),
        *([(evidence.sha256, "agreement")] if evidence is not None else []),
    ):
        if digest not in listed:
            yield Finding(
                "attachments",
                "not_listed",
                f"附件清单缺少文件（{name}）。",
                f"The attachments lack a file ({name}).",
            )
