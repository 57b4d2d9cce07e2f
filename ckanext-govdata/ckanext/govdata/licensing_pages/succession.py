"""How an agreement goes on or ends: notice, the term that runs out, what amends or renews it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from ckanext.govdata.licensing_pages import acting
from ckanext.govdata.licensing_pages.interface import LONGEST_LIST, Interface
from ckanext.govdata.licensing_ports.setup import setup
from licensing.core.clock import china_day
from licensing.ports import Principal

REMINDED: Final = 90
"""Days before the end of a term from which on a renewal is spoken of."""


def notice_of(agreement: dict[str, Any]) -> str:
    """The last day of an agreement of which notice was given; empty without a notice."""
    if agreement["ended_at"] is None or agreement["status"] != "in_force":
        return ""
    last = datetime.fromisoformat(agreement["ended_at"]) - timedelta(seconds=1)
    return china_day(last).isoformat()


def shown(library: Interface, agreement: dict[str, Any]) -> dict[str, Any]:
    """What follows this agreement or went before it, and what the account may draft or do about it."""
    listed = library.get("/agreements", case_id=agreement["case_id"], limit=LONGEST_LIST).document["items"]
    after = [each for each in listed if each["predecessor"] == agreement["id"]]
    who = acting.principal()
    drafts = acting.is_provider(who) and agreement["provider_id"] in who.departments
    open_ = [each for each in after if each["status"] in ("draft", "offered", "agreed", "signing")]
    may = drafts and agreement["status"] == "in_force" and not open_
    return {
        "notice": notice_of(agreement),
        "before": next((each for each in listed if each["id"] == agreement["predecessor"]), None),
        "after": after,
        "may_amend": may,
        "may_renew": may and agreement["ended_at"] is None,
        "ends_in": days_left(agreement),
    }


def days_left(agreement: dict[str, Any]) -> int | None:
    """Days until the last one of an agreement in force, when a renewal is in time; else None."""
    if agreement["status"] != "in_force" or not agreement["last_day"] or agreement["ended_at"]:
        return None
    left = (date.fromisoformat(agreement["last_day"]) - china_day(setup().time.now())).days
    return left if left <= REMINDED else None


def ending(library: Interface, who: Principal) -> list[dict[str, Any]]:
    """The visitor's own agreements whose term or notice ends soon, the first of them first.

    ``on`` is the last day; ``left`` the days until it, with ``notice`` where one was given.
    """
    found = []
    for each in library.all("/agreements", status="in_force"):
        mine = each["applicant_id"] in {who.partner, who.id, *who.departments}
        notice, left = notice_of(each), days_left(each)
        if not mine or not (notice or left is not None):
            continue
        found.append({**each, "on": notice or each["last_day"], "left": left, "notice": notice})
    return sorted(found, key=lambda each: (each["on"], each["number"]))
