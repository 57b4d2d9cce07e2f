"""How use is shown over HTTP: sums, calls, alarms, reports, downloads."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from licensing.http.words import Label, Party
from licensing.usage.alarms import KINDS
from licensing.usage.lifecycle import ALARM_STATE_NAMES, STATE_NAMES
from licensing.usage.models import Download, UsageAlarm, UsageCall, UsageReport


class Sums(msgspec.Struct):
    """Answered calls with their rows and bytes, and refused calls."""

    calls: int
    rows: int
    bytes: int
    refused: int


class DaySums(Sums):
    """The sums of a calendar day of China."""

    day: date


class UsageView(msgspec.Struct):
    """The use of an agreement; a day without calls is left out."""

    agreement: str
    since: date
    until: date
    total: Sums
    days: list[DaySums]


class CallView(msgspec.Struct):
    """A call: who, what, when, how much, what for. ``outcome`` is empty when it was answered."""

    id: str
    grant: str
    token: str
    holder: str
    dataset: str
    purpose: str
    at: datetime
    rows: int
    bytes: int
    outcome: str


class AlarmView(msgspec.Struct):
    """Use beyond quota, purpose or network: one alarm a grant, kind and day."""

    id: str
    version: int
    status: str
    status_label: Label
    grant: str
    agreement: str
    holder: Party
    provider: str
    kind: str
    kind_label: Label
    day: date
    calls: int
    first_at: datetime
    last_at: datetime


class ReportView(msgspec.Struct):
    """A report on use and benefit. ``calls_recorded`` is the platform's own count for the period."""

    id: str
    version: int
    status: str
    status_label: Label
    agreement: str
    holder: Party
    provider: str
    period_begins: date
    period_ends: date
    use: str
    benefit: str
    income_fen: int | None
    calls_recorded: int | None


class DownloadView(msgspec.Struct):
    """A file of a dataset that somebody obtained."""

    id: str
    holder: str
    dataset: str
    release: int
    agreement: str | None
    at: datetime
    day: date
    sha256: str
    size: int


class MonthSums(Sums):
    """A month over all agreements, as it is published (HB-26)."""

    year: int
    month: int
    agreements: int


class Recorded(msgspec.Struct):
    """How many calls were recorded."""

    recorded: int


def alarm_view(row: UsageAlarm) -> AlarmView:
    """How an alarm is shown."""
    return AlarmView(
        id=row.id, version=row.version, status=row.status,
        status_label=Label(*ALARM_STATE_NAMES[row.status]), grant=row.grant_id, agreement=row.agreement_id,
        holder=Party(row.holder_kind, row.holder), provider=row.provider, kind=row.kind,
        kind_label=Label(*KINDS[row.kind]), day=row.day, calls=row.calls, first_at=row.first_at,
        last_at=row.last_at,
    )  # fmt: skip


def report_view(row: UsageReport) -> ReportView:
    """How a report is shown."""
    return ReportView(
        id=row.id, version=row.version, status=row.status, status_label=Label(*STATE_NAMES[row.status]),
        agreement=row.agreement_id, holder=Party(row.holder_kind, row.holder), provider=row.provider,
        period_begins=row.period_begins, period_ends=row.period_ends, use=row.use, benefit=row.benefit,
        income_fen=row.income_fen, calls_recorded=row.calls_recorded,
    )  # fmt: skip


def download_view(row: Download) -> DownloadView:
    """How a download is shown."""
    return DownloadView(
        id=row.id, holder=row.holder, dataset=row.dataset_id, release=row.release, agreement=row.agreement_id,
        at=row.at, day=row.day, sha256=row.sha256, size=row.size,
    )  # fmt: skip


def call_view(row: UsageCall) -> CallView:
    """How a call is shown."""
    return CallView(
        id=row.id, grant=row.grant_id, token=row.token_id, holder=row.holder, dataset=row.dataset_id,
        purpose=row.purpose, at=row.at, rows=row.rows, bytes=row.bytes, outcome=row.outcome,
    )  # fmt: skip
