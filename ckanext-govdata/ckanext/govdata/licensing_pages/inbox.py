"""Lists of cases as people work on them: what waits for me, what I asked for, what came to us, everything."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from ckan.plugins import toolkit as tk
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ckanext.govdata.licensing_pages import holding, names
from ckanext.govdata.licensing_pages.interface import LONGEST_LIST, Interface, Refused, interface
from ckanext.govdata.licensing_pages.visitor import Visitor, visitor
from ckanext.govdata.licensing_ports.setup import setup
from licensing import ports

WAITING, MINE, RECEIVED, ALL, CONSENTS = "waiting", "mine", "received", "all", "consents"
_VIEWS: Final[Mapping[str, str]] = {MINE: "applied", RECEIVED: "received", ALL: "all"}
PAGE: Final = 50
_REMEMBERED: Final = 30.0
"""Seconds for which the count in the header may be old."""
_LAST: Final = "9999"
"""Sorts what no clock runs for behind what has a due day."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a tab; ``after`` begins the next one."""

    rows: list[dict[str, Any]]
    after: str | None


def tabs(who: Visitor) -> tuple[str, ...]:
    """The tabs of a visitor, the one that opens first."""
    found = [WAITING, MINE]
    if who.decides:
        found += [RECEIVED, CONSENTS]
    if who.office:
        found.append(ALL)
    return tuple(found)


def listing(api: Interface, who: Visitor, tab: str, kind: str, status: str, after: str) -> Listing:
    """The cases of a tab: what waits is in the order of its due days, the rest newest first."""
    if tab == WAITING:
        rows = [
            row for row in waiting(api, who) if kind in ("", row["kind"]) and status in ("", row["status"])
        ]
        return Listing(told(rows), None)
    if tab == CONSENTS:
        return Listing(consents(api, who), None)
    found = api.get("/cases", view=_VIEWS[tab], kind=kind, status=status, cursor=after, limit=PAGE).document
    return Listing(told(found["items"]), found["next"])


def everything(api: Interface, who: Visitor, tab: str, kind: str, status: str) -> Iterator[dict[str, Any]]:
    """Every line of a tab, for the export."""
    if tab not in _VIEWS:
        yield from listing(api, who, tab, kind, status, "").rows
        return
    for row in api.all("/cases", view=_VIEWS[tab], kind=kind, status=status):
        yield from told([row])


def waiting(api: Interface, who: Visitor) -> list[dict[str, Any]]:
    """What the visitor is waited for, the most urgent first; at most a hundred of each state."""
    found: dict[str, dict[str, Any]] = {}
    for role, view in _roles(who):
        for state in holding.waiting_states(role):
            page = api.get("/cases", view=view, status=state, limit=LONGEST_LIST).document
            found |= {row["id"]: row for row in page["items"] if holding.role_of(row) == role}
    return sorted(found.values(), key=lambda row: ((row["clock"] or {}).get("due") or _LAST, row["id"]))


def consents(api: Interface, who: Visitor) -> list[dict[str, Any]]:
    """What the visitor's departments are asked to consent to (JS-17, HB-14)."""
    if not who.decides:
        return []
    found = [each for unit in who.departments for each in api.all("/consents", department=unit)]
    titles = names.datasets(each["dataset"] for each in found)
    return [{**each, "title": titles.get(each["dataset"], each["dataset"])} for each in found]


def told(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines with what people read: titles, who holds it, how long it may take."""
    titles = names.datasets(each for row in rows for each in row["datasets"])
    return [
        {
            **row,
            "title": titles.get(row["datasets"][0], row["datasets"][0]) if row["datasets"] else "",
            "more": max(0, len(row["datasets"]) - 1),
            "holder": holding.holder(row),
            "time": holding.time_left(row["clock"]) if row["clock"] else "",
        }
        for row in rows
    ]


def _roles(who: Visitor) -> list[tuple[str, str]]:
    """The roles in which the visitor may be waited for, with the list that shows them such cases."""
    found = [(ports.APPLICANT, "applied")]
    if who.decides:
        found.append((ports.PROVIDER, "received"))
    offices = (ports.PLATFORM, ports.ADMINISTRATOR, ports.GOVERNMENT, ports.SECRECY_AUTHORITY)
    return found + [(role, "all") for role in offices if role in who.roles]


def count() -> int:
    """How much waits for the visitor, half a minute old at most; 0 when it cannot be told."""
    if not setup().environment.get("LICENSING_DATABASE"):
        return 0
    return _count(str(tk.current_user.id), int(time.monotonic() / _REMEMBERED))


@lru_cache(maxsize=2048)
def _count(_account: str, _moment: int) -> int:
    api = interface()
    try:
        who = visitor(api)
        return len(waiting(api, who)) + len(consents(api, who))
    except (Refused, OperationalError, PoolTimeout):  # every page of an officer has a header
        return 0
