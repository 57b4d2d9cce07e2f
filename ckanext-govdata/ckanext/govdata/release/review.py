"""Confidentiality review, submission and review: the steps of people who judge.

Article: QD-18 (保密审查 before release), SX-8 (reviewed by a named person other than the compiler),
SX-15, JS-17, HB-14 (what may not be submitted).
"""

from __future__ import annotations

from typing import Any

from ckan import model

from ckanext.govdata.model import Release
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release import assess, stage, steps
from ckanext.govdata.release.errors import StepsMissing, SubmissionRefused
from licensing.core.errors import InvalidInput


def sign_off(session: Any, release_id: str, actor: model.User, conclusion: str, opinion: str = "") -> Release:
    """Record the confidentiality review of the result as it stands; running again voids it.

    Args:
        conclusion: ``pass`` or ``refuse``; a refusal needs an opinion.
    """
    release = steps.lock(session, release_id)
    if conclusion not in assess.CONCLUSIONS:
        raise InvalidInput(
            "保密审查结论应为 pass（同意）或 refuse（不同意）。",
            'The conclusion is "pass" or "refuse".',
        )
    if conclusion == assess.REFUSED and not opinion.strip():
        raise InvalidInput("不同意发布时必须写明意见。", "A refusal needs a written opinion.")
    steps.take(session, release, "sign_off", actor, opinion)
    if not release.result_sha256:
        raise StepsMissing("还没有脱敏结果可供审查。", "There is no result to review yet.")
    release.sign_off = {
        "by": actor.id,
        "at": utc_now().isoformat(),
        "conclusion": conclusion,
        "opinion": opinion.strip(),
        "result_sha256": release.result_sha256,
    }
    return release


def submit(session: Any, release_id: str, actor: model.User) -> Release:
    """Put the release into the reviewers' queue.

    Raises:
        SubmissionRefused: with every blocker; nothing changes.
    """
    release = steps.lock(session, release_id)
    steps.take(session, release, "submit", actor)
    # After the step, in its transaction: permission and state are told before what is wrong with the data.
    found = assess.blockers(release, model.Package.get(release.dataset_id))
    if found:
        raise SubmissionRefused(
            "还不能提交审核：{reasons}",
            "It cannot be submitted yet: {reasons_en}",
            found,
            reasons=" ".join(b["message"]["zh"] for b in found),
            reasons_en=" ".join(b["message"]["en"] for b in found),
        )
    release.review = None
    return release


def approve(session: Any, release_id: str, actor: model.User, opinion: str = "") -> Release:
    """Approve; the blockers are looked at again, because consent or marking may have changed meanwhile."""
    release = steps.lock(session, release_id)
    steps.take(session, release, "approve", actor, opinion)
    dataset = model.Package.get(release.dataset_id)
    # Approved is one way out of the house: to everybody, or through grants alone.
    channel = stage.channel(dataset) if dataset is not None else None
    release.review = {**_review(actor, "approve", opinion), "channel": channel}
    found = assess.blockers(release, dataset)
    if found:
        raise SubmissionRefused(
            "不能审核通过：{reasons}",
            "It cannot be approved: {reasons_en}",
            found,
            reasons=" ".join(b["message"]["zh"] for b in found),
            reasons_en=" ".join(b["message"]["en"] for b in found),
        )
    return release


def reject(session: Any, release_id: str, actor: model.User, reason: str) -> Release:
    """Return the release to its compiler with a reason."""
    release = steps.lock(session, release_id)
    steps.take(session, release, "reject", actor, reason)
    release.review = _review(actor, "reject", reason)
    return release


def recall(session: Any, release_id: str, actor: model.User) -> Release:
    """Take a submitted release back before anybody has judged it: ``submitted`` → ``assessed``."""
    release = steps.lock(session, release_id)
    steps.take(session, release, "recall", actor)
    return release


def reconsider(session: Any, release_id: str, actor: model.User) -> Release:
    """Take an approval back before anything is published: ``approved`` → ``submitted``."""
    release = steps.lock(session, release_id)
    steps.take(session, release, "reconsider", actor)
    release.review = None
    return release


def _review(actor: model.User, decision: str, opinion: str) -> dict[str, Any]:
    return {"by": actor.id, "at": utc_now().isoformat(), "decision": decision, "opinion": opinion.strip()}
