"""Usage over HTTP: statistics, single calls, alarms, recorded downloads, the reports that holders owe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec

from licensing.core.clock import china_day
from licensing.core.errors import InvalidInput, NotFound
from licensing.grants.api import GATE, meter_of
from licensing.grants.service import grants_of
from licensing.http import cursor
from licensing.http.cursor import Page, Paging
from licensing.http.decisions import arguments, steps
from licensing.http.registry import Kind
from licensing.http.route import Call, Reply, Route
from licensing.ports import GATEWAY, OFFICE_ROLES, PLATFORM
from licensing.usage import alarms, calls, downloads, reports, statistics
from licensing.usage.lifecycle import ALARM, ALARM_STATE_NAMES, LIFECYCLE, STATE_NAMES
from licensing.usage.models import UsageAlarm, UsageReport
from licensing.usage.shown import (
    AlarmView,
    CallView,
    DaySums,
    DownloadView,
    MonthSums,
    Recorded,
    ReportView,
    Sums,
    UsageView,
    alarm_view,
    call_view,
    download_view,
    report_view,
)

TAG = "用量 / Usage"
DAYS = 366
"""The longest period that one question covers."""

Word = Annotated[str, msgspec.Meta(max_length=64)]
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Amount = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Views = Literal["all", "own", "received"]


class Period(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Days, both ends included; without them the last 31."""

    since: date | None = None
    until: date | None = None


class CallsWanted(Paging, forbid_unknown_fields=True, kw_only=True):
    """Of which days (the last 31), and whether only refused or only answered calls."""

    since: date | None = None
    until: date | None = None
    outcome: Literal["any", "answered", "refused"] = "any"


class Wanted(Paging, forbid_unknown_fields=True, kw_only=True):
    """Whose: the caller's own, those of the caller's departments, or all (offices)."""

    view: Views = "own"
    agreement: Word = ""
    status: Word = ""


class DownloadsWanted(Paging, forbid_unknown_fields=True, kw_only=True):
    """Of which dataset and holder; who holds no office sees his own."""

    dataset: Word = ""
    holder: Word = ""


class CallFor(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Of which period, both days included."""

    period_begins: date
    period_ends: date


class HandedOut(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What went out: ``call`` and ``token`` as the check has told them."""

    call: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
    token: Id
    dataset: Id
    rows: Amount
    bytes: Amount


class ReportCalls(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Answered calls, reported before their data leave."""

    calls: Annotated[list[HandedOut], msgspec.Meta(min_length=1, max_length=500)]


class RecordDownload(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A file that ``holder`` has obtained; the time is the platform's."""

    holder: Id
    dataset_id: Id
    release: Annotated[int, msgspec.Meta(ge=0, le=2**31 - 1)]
    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    size: Amount
    agreement_id: Id | None = None


def _of_agreement(call: Call) -> str:
    """The agreement, for those who have to do with what is granted under it."""
    agreement_id = call.path["agreement_id"]
    roles_for, who = call.ctx.authorizer.roles_for, call.ctx.principal
    if not any(roles_for(who, each) for each in grants_of(call.session, agreement_id)):
        raise NotFound("该协议没有授权。", "Nothing is granted under this agreement.")
    return agreement_id


def _days(call: Call) -> tuple[date, date]:
    until: date = call.query.until or china_day(call.ctx.time.now())
    since: date = call.query.since or until - timedelta(days=min(30, (until - date.min).days))
    if not 0 <= (until - since).days < DAYS:
        raise InvalidInput(
            "一次查询不超过 {days} 天。", "One question covers at most {days} days.", days=DAYS
        )
    return since, until


def _usage(call: Call) -> UsageView:
    agreement_id, (since, until) = _of_agreement(call), _days(call)
    days = statistics.by_day(call.session, agreement_id, since, until)
    total = statistics.total(call.session, agreement_id, since, until)
    return UsageView(
        agreement_id, since, until, Sums(**total), [msgspec.convert(each, DaySums) for each in days]
    )


def _calls(call: Call) -> Page[CallView]:
    agreement_id, (since, until) = _of_agreement(call), _days(call)
    wanted: CallsWanted = call.query
    rows = calls.calls_of(
        call.session, agreement_id, since, until, limit=wanted.limit + 1,
        refused=None if wanted.outcome == "any" else wanted.outcome == "refused",
        after=cursor.decode(wanted.cursor, tuple[datetime, str]),
    )  # fmt: skip
    page = rows[: wanted.limit]
    shown = [call_view(row) for row in page]
    more = len(rows) > wanted.limit
    return Page(shown, cursor.encode(page[-1].at.isoformat(), page[-1].id) if more else None)


def _month(call: Call) -> MonthSums:
    year, month = int(call.path["year"]), int(call.path["month"])
    if not (1 <= year <= 9999 and 1 <= month <= 12):
        raise NotFound("没有这个月份。", "There is no such month.")
    found = statistics.public_month(call.session, year, month)
    return MonthSums(year=year, month=month, **found)


def _report_calls(call: Call) -> Recorded:
    meter, body = meter_of(call), call.body
    handed = [calls.Handed(each.call, each.token, each.dataset, each.rows, each.bytes) for each in body.calls]
    return Recorded(calls.report(call.session, call.ctx, meter, handed))


# -- alarms --------------------------------------------------------------------------------------------


def _show_alarm(_call: Call, row: UsageAlarm) -> Reply:
    return Reply(alarm_view(row), row.version)


def _find_alarm(call: Call) -> UsageAlarm:
    return call.own(UsageAlarm, call.path["alarm_id"])


def _listed(lister: Callable[..., Any], view: Callable[[Any], Any]) -> Callable[[Call], Page[Any]]:
    def handle(call: Call) -> Page[Any]:
        wanted: Wanted = call.query
        after = cursor.decode(wanted.cursor, tuple[str])
        page = lister(
            call.session, call.ctx, view=wanted.view, agreement_id=wanted.agreement or None,
            status=wanted.status or None, after=after[0] if after else None, limit=wanted.limit,
        )  # fmt: skip
        return Page([view(row) for row in page.rows], cursor.encode(page.after) if page.after else None)

    return handle


# -- reports -------------------------------------------------------------------------------------------


def _show_report(_call: Call, row: UsageReport) -> Reply:
    return Reply(report_view(row), row.version)


def _find_report(call: Call) -> UsageReport:
    return call.own(UsageReport, call.path["report_id"])


def _call_for(call: Call) -> list[ReportView]:
    body: CallFor = call.body
    made = reports.call_for(call.session, call.ctx, body.period_begins, body.period_ends)
    return [report_view(row) for row in made]


# -- downloads -----------------------------------------------------------------------------------------


def _record_download(call: Call) -> DownloadView:
    call.office(GATEWAY, PLATFORM)
    given = arguments(downloads.record_download, call.body, ())
    return download_view(downloads.record_download(call.session, call.ctx, **given))


def _downloads(call: Call) -> Page[DownloadView]:
    wanted: DownloadsWanted = call.query
    who = call.ctx.principal
    holders: set[str] | None = {wanted.holder} if wanted.holder else None
    if not who.roles & OFFICE_ROLES:
        own = {who.id, *who.departments} | ({who.partner} if who.partner else set())
        holders = own if holders is None else own & holders
    after = cursor.decode(wanted.cursor, tuple[str])
    rows = downloads.downloads_of(
        call.session, holders=holders, dataset_id=wanted.dataset or None,
        after=after[0] if after else None, limit=wanted.limit + 1,
    )  # fmt: skip
    page = rows[: wanted.limit]
    more = len(rows) > wanted.limit
    return Page([download_view(row) for row in page], cursor.encode(page[-1].id) if more else None)


SUBJECTS = {
    LIFECYCLE.name: Kind(UsageReport, LIFECYCLE, STATE_NAMES),
    ALARM.name: Kind(UsageAlarm, ALARM, ALARM_STATE_NAMES),
}

ROUTES = (
    Route("GET", "/agreements/{agreement_id}/usage", "getUsage", TAG, "协议的用量，按日", "Use by day",
          _usage, answer=UsageView, query=Period),
    Route("GET", "/agreements/{agreement_id}/calls", "listCalls", TAG, "逐次调用，新的在前",
          "Single calls, newest first", _calls, answer=Page[CallView], query=CallsWanted),
    Route("GET", "/statistics/{year:int}/{month:int}", "getMonth", TAG, "按月公布的用量",
          "A month's use, as published", _month, answer=MonthSums, public=True),
    Route("POST", "/access/calls", "reportCalls", GATE, "上报已提供的数据量，先上报后交付",
          "Report what is handed out, before it leaves", _report_calls, answer=Recorded, body=ReportCalls),
    Route("GET", "/usage/alarms", "listAlarms", TAG, "告警列表", "Alarms, newest first",
          _listed(alarms.list_alarms, alarm_view), answer=Page[AlarmView], query=Wanted),
    Route("GET", "/usage/alarms/{alarm_id}", "getAlarm", TAG, "一项告警", "An alarm",
          lambda call: _show_alarm(call, _find_alarm(call)), answer=AlarmView, versioned=True),
    *steps(
        tag=TAG, path="/usage/alarms", place="alarm_id", find=_find_alarm, show=_show_alarm,
        answer=AlarmView, lifecycles=[ALARM], noun="alarm",
        services={"acknowledge": ("acknowledge", alarms.acknowledge)},
    ),
    Route("GET", "/usage/reports", "listReports", TAG, "使用情况报告", "Reports on use, newest first",
          _listed(reports.list_reports, report_view), answer=Page[ReportView], query=Wanted),
    Route("POST", "/usage/reports", "callForReports", TAG, "发起一期报送",
          "Ask for the reports of a period", _call_for, answer=list[ReportView], body=CallFor),
    Route("GET", "/usage/reports/{report_id}", "getReport", TAG, "一份报告", "A report",
          lambda call: _show_report(call, _find_report(call)), answer=ReportView, versioned=True),
    *steps(
        tag=TAG, path="/usage/reports", place="report_id", find=_find_report, show=_show_report,
        answer=ReportView, lifecycles=[LIFECYCLE], noun="report",
        services={
            "file": ("file", reports.file),
            "return": ("return", reports.send_back),
            "accept": ("accept", reports.accept),
        },
    ),
    Route("GET", "/usage/downloads", "listDownloads", TAG, "下载记录，新的在前",
          "Recorded downloads, newest first", _downloads, answer=Page[DownloadView], query=DownloadsWanted),
    Route("POST", "/usage/downloads", "recordDownload", TAG, "记录一次下载", "Record a download",
          _record_download, answer=DownloadView, body=RecordDownload),
)  # fmt: skip
