"""What the administrator exports and counts."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final

import msgspec

from licensing.core.clock import CHINA
from licensing.core.errors import InvalidInput
from licensing.filings import register, registrations, service
from licensing.filings.export import write_xlsx
from licensing.filings.shown import MatterCount, Named
from licensing.http import cursor
from licensing.http.cursor import Page, Paging
from licensing.http.route import Call, Media, Reply, Route
from licensing.ports import ADMINISTRATOR, OFFICE_ROLES, SUPERVISOR

TAG = "备案 / Filings"
_FIRST: Final = date(1970, 1, 1)
_LAST: Final = date(9000, 1, 1)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Period(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Accepted from ``since`` to ``until``, both days counted."""

    since: date | None = None
    until: date | None = None


class RegistrationPage(Paging, forbid_unknown_fields=True, kw_only=True):
    """Accepted from ``since`` to ``until``, both days counted."""

    since: date | None = None
    until: date | None = None


def _bounds(wanted: Period | RegistrationPage) -> dict[str, datetime]:
    """From the first moment of the first day to that after the last; days of no calendar are cut off."""
    since, until = max(wanted.since or _FIRST, _FIRST), min(wanted.until or _LAST, _LAST)
    return {
        "since": datetime.combine(since, time.min, CHINA),
        "until": datetime.combine(until + timedelta(days=1), time.min, CHINA),
    }


def _registrations(call: Call) -> Page[dict[str, Any]]:
    call.office(ADMINISTRATOR, SUPERVISOR)
    wanted: RegistrationPage = call.query
    after = cursor.decode(wanted.cursor, tuple[str])
    rows = registrations.accepted(
        call.session, after=after[0] if after else None, limit=wanted.limit + 1, **_bounds(wanted)
    )
    page = rows[: wanted.limit]
    following = cursor.encode(page[-1].number_order or "") if len(rows) > wanted.limit else None
    return Page([registrations.registration_of(call.session, row) for row in page], following)


def _workbook(call: Call) -> Reply:
    call.office(ADMINISTRATOR, SUPERVISOR)
    period: Period = call.query
    found = registrations.registrations(call.session, **_bounds(period))
    rows = list(islice(found, registrations.MOST_IN_A_FILE + 1))
    if len(rows) > registrations.MOST_IN_A_FILE:
        raise InvalidInput(
            "该期间的备案超过 {most} 件，请缩短期间分次导出。",
            "The period has more than {most} filings; export it in parts.",
            most=registrations.MOST_IN_A_FILE,
        )
    out = io.BytesIO()
    write_xlsx(out, rows)
    return Reply(out.getvalue(), filename="国家公共数据资源登记.xlsx")


def _statistics(call: Call) -> list[MatterCount]:
    call.office(*OFFICE_ROLES)
    counted = register.count_by_matter(call.session, **_bounds(call.query))
    return [MatterCount(Named(each, *service.MATTERS[each]), count) for each, count in counted.items()]


ROUTES = (
    Route("GET", "/registrations", "listRegistrations", TAG, "国家公共数据资源登记数据",
          "What the national registration platform asks for", _registrations,
          answer=Page[dict[str, Any]], query=RegistrationPage),
    Route("GET", "/registrations.xlsx", "getRegistrationWorkbook", TAG, "登记数据工作簿",
          "The same as a workbook", _workbook, answer=Media(XLSX), query=Period),
    Route("GET", "/filing-statistics", "getFilingStatistics", TAG, "备案统计", "Filings by matter",
          _statistics, answer=list[MatterCount], query=Period),
)  # fmt: skip
