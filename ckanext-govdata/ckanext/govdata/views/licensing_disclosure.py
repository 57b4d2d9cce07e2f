"""The draft of a year's disclosure: on a page that prints, and as a document to complete."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit as tk
from flask import Blueprint

from ckanext.govdata.licensing_pages import acting, names
from ckanext.govdata.licensing_pages.interface import interface
from ckanext.govdata.licensing_pages.render import page, room
from ckanext.govdata.licensing_ports.setup import setup
from licensing.core.clock import china_day

disclosure = room(Blueprint("govdata_disclosure", __name__, url_prefix="/licensing/disclosure"), account=True)
_SHOWN = 6
"""Years that the page offers."""


@disclosure.get("")
def index() -> Any:
    """The year before this one, which is due by the end of March."""
    return tk.redirect_to("govdata_disclosure.read", year=china_day(setup().time.now()).year - 1, **_asked())


@disclosure.get("/<int:year>")
def read(year: int) -> Any:
    """A year's draft: of everything for the offices, of its own for a department or an operator."""
    who, today = acting.principal(), china_day(setup().time.now())
    asked, holder = _department(who), _holder(who)
    found = interface().get(f"/disclosures/{year}", department=asked, holder=holder).document
    return page(
        "licensing/disclosure.html", found=found, office=acting.is_office(who), asked=asked,
        departments=names.all_departments() if acting.is_office(who) else names.departments(who.departments),
        years=range(today.year, today.year - _SHOWN, -1), today=today.isoformat(), holder=holder,
    )  # fmt: skip


@disclosure.get("/<int:year>/docx")
def download(year: int) -> Any:
    """The same as a document."""
    who = acting.principal()
    return interface().file(f"/disclosures/{year}/docx", department=_department(who), holder=_holder(who))


def _asked() -> dict[str, str]:
    asked = tk.request.args.get("department", "")[:64]
    return {"department": asked} if asked else {}


def _holder(who: Any) -> str:
    """Whoever is no officer discloses what they operate: what their organisation holds, or themselves."""
    return "" if who.departments or acting.is_office(who) else str(who.partner or who.id)


def _department(who: Any) -> str:
    """Which department is asked for; a department's officer who names none asks for the first of his own."""
    asked = _asked().get("department", "")
    if not asked and not acting.is_office(who) and who.departments:
        return str(sorted(who.departments)[0])
    return asked
