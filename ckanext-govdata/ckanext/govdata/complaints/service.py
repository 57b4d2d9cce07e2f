"""What may be done to privacy complaints. Every function takes the caller's session and never commits.

What the complainant wrote and how to reach them is sealed from the first moment, opened for officers who
handle the case, and erased when it ends; neither stands in the trail, in a log or in an error.

Article: SX-15, SX-22, QD-18.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.cases import limits, periods, plain, steps, timeline
from ckanext.govdata.catalogue import codes
from ckanext.govdata.complaints import receipt, secret
from ckanext.govdata.complaints.lifecycle import (
    COMPLAINANT,
    COMPLAINT,
    DECIDING,
    HANDLING,
    REVIEWING,
    STATE_LABELS,
)
from ckanext.govdata.model import Complaint, Release
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release import hide, withdraw
from ckanext.govdata.release.errors import FourEyes
from ckanext.govdata.release.roles import Standing, standing
from ckanext.govdata.storage import buckets
from licensing.core.errors import Conflict, InvalidInput, NotFound, NotPermitted

WORDS = (10, 2000)
CONTACT = (0, 100)
COLUMN = (0, 100)
REASON = (0, 1000)
Document = Mapping[str, Any]


def create(session: Any, data: Document, address: str) -> tuple[Complaint, str]:
    """A new complaint and its receipt code, which is told here and never again.

    ``data``: ``dataset`` (name or id), ``concern`` (of the code list), ``column`` (where, may be empty),
    ``words`` (what is seen), ``contact`` (may be empty).

    Raises:
        NotFound: no such public dataset.
        InvalidInput: a field is missing or too long.
        TooOften: more complaints in an hour than one address may send.
    """
    dataset = model.Package.get(str(data.get("dataset") or ""))
    if dataset is None or dataset.state != "active" or dataset.private or not dataset.owner_org:
        raise NotFound("没有这个公开的数据集。", "There is no such public dataset.")
    concern = str(data.get("concern") or "")
    if concern not in {code.value for code in codes.code_list("privacy_concern")}:
        raise InvalidInput("请选择投诉的情形。", "Choose what the complaint is about.")
    column = plain.bounded(data.get("column") or "", *COLUMN, "字段", "Column").replace("\n", " ")
    words = plain.bounded(data.get("words"), *WORDS, "说明", "Description")
    contact = plain.bounded(data.get("contact") or "", *CONTACT, "联系方式", "Contact")
    limits.count("complaint", address)
    release = hide.public_of(session, dataset.id)
    code = receipt.new()
    made = Complaint(
        receipt_sha256=receipt.digest(code),
        dataset_id=dataset.id,
        organization_id=dataset.owner_org,
        release_id=release.id if release is not None else None,
        concern=concern,
        # A name of a column is kept only when it is one: somebody's name typed there is not.
        column_name=column if column in _columns(release) else None,
        plausible=release is not None,
        created_at=utc_now(),
    )
    steps.begin(session, COMPLAINT, made, COMPLAINANT)
    keyring = buckets.keyring()
    if column and made.column_name is None:
        words = f"{column}：{words}"
    made.words = secret.seal(words, _place(made, "words"), keyring)
    if contact:
        made.contact = secret.seal(contact, _place(made, "contact"), keyring)
    session.flush()
    return made, code


def _columns(release: Release | None) -> frozenset[str]:
    plan = (release.plan if release is not None else None) or {}
    return frozenset(column["name"] for column in plan.get("columns") or [])


def _place(complaint: Complaint, field: str) -> str:
    return f"complaint {complaint.id} {field}"


def by_receipt(session: Any, code: str, address: str) -> Complaint:
    """The case of a receipt code. Raises NotFound, TooOften."""
    limits.count("receipt", address)
    found = session.execute(
        sa.select(Complaint).where(Complaint.receipt_sha256 == receipt.digest(code))
    ).scalar()
    if found is None:
        raise NotFound(
            "没有这个回执码对应的投诉，请核对后再试。",
            "No complaint has this receipt code; check it and try again.",
        )
    return found  # type: ignore[no-any-return]


def get(session: Any, complaint_id: str) -> Complaint:
    """The case of this id or number. Raises NotFound."""
    by = Complaint.number == int(complaint_id) if complaint_id.isdecimal() and len(complaint_id) < 9 else None
    found = session.execute(
        sa.select(Complaint).where(by if by is not None else Complaint.id == complaint_id)
    ).scalar()
    if found is None:
        raise NotFound("没有这件投诉。", "There is no such complaint.")
    return found  # type: ignore[no-any-return]


def may_see(complaint: Complaint, viewer: model.User | None) -> bool:
    """Whoever handles complaints of the department, and officers of the platform who look."""
    if viewer is None:
        return False
    held = standing(viewer, complaint.organization_id).roles
    return bool(held & HANDLING) or bool(standing(viewer, None).roles)


def step(session: Any, complaint_id: str, action: str, actor: model.User, data: Document) -> Complaint:
    """An officer's step; what becomes of the release happens in the same transaction.

    Raises:
        NotFound, NotPermitted, TransitionRefused, PersonalData.
        FourEyes: an appeal is judged by whoever decided the complaint.
    """
    complaint = steps.lock(session, Complaint, get(session, complaint_id).id)
    if not may_see(complaint, actor):
        raise NotFound("没有这件投诉。", "There is no such complaint.")
    reason = plain.bounded(data.get("reason") or "", *REASON, "理由", "Reason")
    held = standing(actor, complaint.organization_id)
    decided = _decided(session, complaint)
    if action in REVIEWING and actor.id in decided:
        raise FourEyes(
            "您参与了原决定，申诉由其他人员复核。",
            "You took part in the decision; somebody else reviews the appeal.",
        )
    steps.take(
        session,
        COMPLAINT,
        complaint,
        action,
        actor=actor.id,
        held=held,
        reason=reason,
        names=STATE_LABELS,
        without=decided if action in REVIEWING else frozenset(),
    )
    plain.ensure_public(reason)
    if action == "take_up":
        complaint.handler_id = actor.id
    if action in DECIDING:
        complaint.decided_by = actor.id
    if action in DECIDING | REVIEWING:
        complaint.decision = reason
    _with_release(session, complaint, action, actor)
    session.flush()
    return complaint


def _decided(session: Any, complaint: Complaint) -> frozenset[str]:
    """Everybody who decided, or in whose name it was decided."""
    return frozenset(
        who
        for event in steps.trails(session, COMPLAINT.name, [complaint.id])[complaint.id]
        if event.action in DECIDING
        for who in (event.actor, event.on_behalf_of)
        if who
    )


def _with_release(session: Any, complaint: Complaint, action: str, actor: model.User) -> None:
    """The release follows the case: hidden, public again, or withdrawn (every address answers 410)."""
    if action == "correct":
        newest = hide.public_of(session, complaint.dataset_id)
        if newest is None or newest.status != "published" or newest.id == complaint.release_id:
            raise Conflict(
                "还没有发布更正后的版本，请先按发布流程发布。",
                "No corrected release is published yet; publish it first.",
            )
        complaint.corrected_by = newest.id
        return
    release = session.get(Release, complaint.release_id, with_for_update=True, populate_existing=True)
    if release is None:
        return
    number = f"隐私投诉 {complaint.number}"
    if action == "hide" and release.status == "published":
        hide.hide(session, release, actor, number)
    elif action == "reject" and release.status == "hidden" and not _others_hide(session, complaint):
        hide.show(session, release, actor, number)
    elif action in {"uphold", "grant"} and release.status in {"published", "hidden"}:
        withdraw.withdraw(session, release.id, actor, f"{number}：{complaint.decision}")


def _others_hide(session: Any, complaint: Complaint) -> bool:
    """Whether another complaint still keeps the same release hidden."""
    other = sa.select(Complaint.id).where(
        Complaint.release_id == complaint.release_id,
        Complaint.id != complaint.id,
        Complaint.status == "hidden",
    )
    return bool(session.execute(sa.select(other.exists())).scalar())


def appeal(session: Any, code: str, words: object, address: str) -> Complaint:
    """The complainant is not content: to the administrator, within the time to appeal."""
    complaint = steps.lock(session, Complaint, by_receipt(session, code, address).id)
    said = plain.bounded(words, *WORDS, "申诉理由", "Grounds of the appeal")
    steps.take(
        session,
        COMPLAINT,
        complaint,
        "appeal",
        actor=COMPLAINANT,
        held=Standing(frozenset(), {}),
        also=frozenset({COMPLAINANT}),
        names=STATE_LABELS,
    )
    # The next one handles it anew: an appeal goes to the administrator.
    complaint.handler_id = None
    complaint.appeal = secret.seal(said, _place(complaint, "appeal"), buckets.keyring())
    session.flush()
    return complaint


def opened(complaint: Complaint, viewer: model.User) -> dict[str, str]:
    """``{words, appeal}`` for whoever may handle the case; empty once erased, and for those who only look."""
    if not standing(viewer, complaint.organization_id).roles & HANDLING:
        return {}
    return {
        field: secret.open_sealed(bytes(sealed), _place(complaint, field), buckets.keyring())
        for field, sealed in (("words", complaint.words), ("appeal", complaint.appeal))
        if sealed is not None
    }


def contact(session: Any, complaint_id: str, actor: model.User) -> str:
    """How to reach the complainant: for the officer who handles the case, and each time on record.

    Raises:
        NotPermitted: somebody else handles it, or nobody does.
        NotFound: none was given, or it is erased.
    """
    complaint = steps.lock(session, Complaint, get(session, complaint_id).id)
    if not may_see(complaint, actor):
        raise NotFound("没有这件投诉。", "There is no such complaint.")
    handles = complaint.handler_id == actor.id
    if not handles or not standing(actor, complaint.organization_id).roles & HANDLING:
        raise NotPermitted(
            "联系方式只对承办人可见；请先点“由我承办”。",
            "Only whoever handles the case may see the contact; take it up.",
        )
    if complaint.contact is None:
        raise NotFound("没有留下联系方式，或已清除。", "No contact was given, or it is erased.")
    told = secret.open_sealed(bytes(complaint.contact), _place(complaint, "contact"), buckets.keyring())
    steps.note(session, COMPLAINT.name, complaint.id, "read_contact", actor.id, complaint.status)
    session.flush()
    return told


def due(session: Any) -> list[tuple[str, str]]:
    """``(id, what)`` for the machine to do now: ``hide`` where nobody acted in time, ``close`` at the end.

    A complaint that names no public release hides nothing, whatever the clock says.
    """
    from licensing.core.workdays import StatutoryCalendar

    calendar, now, found = StatutoryCalendar(), utc_now(), []
    rows = (
        session.execute(
            sa.select(Complaint).where(
                sa.or_(
                    sa.and_(Complaint.status == "received", Complaint.plausible),
                    Complaint.status.in_(("upheld", "rejected", "corrected", "granted", "dismissed")),
                )
            )
        )
        .scalars()
        .all()
    )
    trails = steps.trails(session, COMPLAINT.name, [row.id for row in rows])
    for row in rows:
        clocks = timeline.clocks(COMPLAINT, trails[row.id], periods.rules())
        wanted = "hide" if row.status == "received" else "close"
        clock = clocks.get("complaint.hide" if wanted == "hide" else "complaint.window")
        if clock is not None and clock.stopped is None and clock.overdue(now, calendar):
            found.append((str(row.id), wanted))
    return found


def by_machine(session: Any, complaint_id: str, action: str) -> None:
    """Hide because the time is over, or close and erase; passed over when somebody was faster."""
    complaint = steps.lock(session, Complaint, complaint_id)
    row = COMPLAINT.find(complaint.status, action)
    if row is None:
        return
    steps.take(session, COMPLAINT, complaint, action, actor=steps.MACHINE, held=steps.machine())
    if action == "hide":
        release = session.get(Release, complaint.release_id, with_for_update=True, populate_existing=True)
        if release is not None and release.status == "published":
            hide.hide(session, release, None, f"隐私投诉 {complaint.number}")
    else:
        complaint.words = complaint.contact = complaint.appeal = None
        complaint.handler_id = None
        complaint.erased_at = utc_now()
    session.flush()
