"""How partners and departments are shown over HTTP; a natural person's name and number are masked."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from licensing.core.clock import china_day
from licensing.http.route import Call, Reply
from licensing.http.words import Label
from licensing.parties import departments, ending, service, standing
from licensing.parties.lifecycle import STATE_NAMES
from licensing.parties.models import BlacklistEntry, Department, Partner, Qualification


class QualificationView(msgspec.Struct):
    """A qualification and how it stands today; ``valid_until`` is its last day, null without end."""

    id: str
    kind: str
    number: str
    issuer: str
    valid_from: date
    valid_until: date | None
    evidence_sha256: str | None
    standing: Literal["valid", "not_yet", "expired", "withdrawn"]


class PartnerView(msgspec.Struct):
    """A partner; ``name`` is empty once it was erased, ``masked`` stands for a natural person's number.
    ``qualifications`` are those that are good today."""

    id: str
    version: int
    kind: str
    status: str
    status_label: Label
    name: str
    uscc: str | None
    masked: str | None
    merged_into: str | None
    took_over: list[str]
    blacklisted: bool
    qualifications: list[QualificationView]


class IdentityView(msgspec.Struct):
    """Who a partner is, with the whole name; of a document's number nobody has more than ``masked``."""

    partner_id: str
    name: str
    uscc: str | None
    document: str | None
    masked: str | None


class ContactView(msgspec.Struct):
    """Whom to call."""

    name: str
    duty: str
    phone: str
    email: str


class BlacklistView(msgspec.Struct):
    """A blacklisting; ``until_day`` is its last day, null until it is lifted."""

    id: str
    partner_id: str
    reason: str
    from_day: date
    until_day: date | None
    lifted_at: datetime | None
    lifted_reason: str
    in_force: bool


class ObstacleView(msgspec.Struct):
    """One reason why a partner is not given data."""

    code: str
    sentence: Label


class EligibilityView(msgspec.Struct):
    """Whether a partner may be given data today, and if not, every reason."""

    eligible: bool
    obstacles: list[ObstacleView]


class SuccessionView(msgspec.Struct, rename={"from_department": "from", "to_department": "to"}):
    """What became of a department: a new name, a merger, a dissolution. ``moved``: subjects handed over."""

    kind: str
    from_department: str
    to_department: str
    old_name: str
    new_name: str
    basis: str
    at: datetime
    moved: int


class DepartmentView(msgspec.Struct):
    """A department; ``successor`` answers for it today, ``past`` is what led to it, oldest first."""

    id: str
    version: int
    status: str
    status_label: Label
    name: str
    uscc: str | None
    successor: str
    past: list[SuccessionView]


def today_of(call: Call) -> date:
    """The platform's day."""
    return china_day(call.ctx.time.now())


def qualification_view(row: Qualification, today: date) -> QualificationView:
    """A qualification as of ``today``."""
    return QualificationView(
        row.id, row.kind, row.number, row.issuer, row.valid_from, row.valid_until, row.evidence_sha256,
        "withdrawn" if row.withdrawn
        else "not_yet" if row.valid_from > today
        else "expired" if row.valid_until is not None and row.valid_until < today
        else "valid",
    )  # fmt: skip


def partner_view(call: Call, partner: Partner) -> Reply:
    """A partner as anybody who deals with it sees it, with its version."""
    today, session = today_of(call), call.session
    shown = service.shown(session, partner.id)
    good = standing.qualifications_of(session, partner.id, today)
    view = PartnerView(
        id=partner.id, version=partner.version, kind=partner.kind, status=partner.status,
        status_label=Label(*STATE_NAMES[partner.status]), name=shown.name, uscc=shown.uscc,
        masked=shown.masked, merged_into=partner.merged_into,
        took_over=[each.id for each in ending.took_over(session, partner.id)],
        blacklisted=bool(standing.blacklisted(session, partner.id, today)),
        qualifications=[qualification_view(each, today) for each in good],
    )  # fmt: skip
    return Reply(view, partner.version)


def blacklist_view(row: BlacklistEntry, today: date) -> BlacklistView:
    """A blacklisting as of ``today``."""
    ended = row.lifted_at is not None or (row.until_day is not None and row.until_day < today)
    return BlacklistView(
        row.id, row.partner_id, row.reason, row.from_day, row.until_day, row.lifted_at, row.lifted_reason,
        not ended,
    )  # fmt: skip


def eligibility_view(found: tuple[standing.Obstacle, ...]) -> EligibilityView:
    """Every obstacle."""
    return EligibilityView(not found, [ObstacleView(each.code, Label(each.zh, each.en)) for each in found])


def department_view(call: Call, row: Department) -> Reply:
    """A department with its line."""
    past = departments.past_of(call.session, row.id)
    view = DepartmentView(
        id=row.id, version=row.version, status=row.status, status_label=Label(*STATE_NAMES[row.status]),
        name=row.name, uscc=row.uscc, successor=departments.successor_of(call.session, row.id),
        past=[
            SuccessionView(
                each.kind, each.from_department, each.to_department, each.old_name, each.new_name, each.basis,
                each.at, each.moved,
            )
            for each in past
        ],
    )  # fmt: skip
    return Reply(view, row.version)
