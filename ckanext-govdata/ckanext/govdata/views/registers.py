"""The public directory of services, and the officers' page of the registers beside the catalogue.

A form of the page is one call of an action; nothing is decided here.

Article: JS-20 (directory of services), QD-8, JS-15, JS-32 (periods with lamps, overdue shown), JS-11, QD-25.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan import model
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, make_response

from ckanext.govdata.catalogue.codes import code
from ckanext.govdata.catalogue.one_source.duplicates import titles
from ckanext.govdata.catalogue.registers import leads
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, COMPILER
from ckanext.govdata.release.roles import organizations_of, roles_of
from ckanext.govdata.supervision.evaluation.present import latest_first
from ckanext.govdata.views import release_words
from ckanext.govdata.views.form_guard import call, needs_account, never_kept

registers = Blueprint("govdata_registers", __name__)

Answer = Response | str
FORMS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "duty": ("govdata_duty_register", ("organization", "cause", "why", "began", "dataset")),
    "collector": ("govdata_collector_set", ("item", "organization", "basis")),
    "lead": ("govdata_lead_set", ("kind", "value", "organization")),
    "verification": ("govdata_verification_open", ("organization", "item", "description")),
    "verification-step": ("govdata_verification_step", ("id", "step", "reason", "outcome")),
    "need": ("govdata_need_file", ("organization", "provider", "label", "purpose")),
    "need-step": ("govdata_need_step", ("id", "step", "provider", "entry", "label", "purpose", "reason")),
    "project": ("govdata_project_begin", ("organization", "title", "year", "sharing_plan", "entries")),
    "project-step": ("govdata_project_step", ("id", "step", "reason")),
    "guide": (
        "govdata_guide_save", ("organization", "id", "title", "audience", "summary", "url", "datasets"),
    ),
    "guide-end": ("govdata_guide_end", ("organization", "id")),
    "succession": (
        "govdata_succession_carry_out", ("kind", "predecessor", "successor", "title", "basis", "effective"),
    ),
}  # fmt: skip
"""A form of the page → its action and the fields that it sends."""


@registers.get("/services")
def services() -> Answer:
    """The directory of services, for everybody."""
    listed = call("govdata_guide_list", {})
    query = tk.request.args.get("q", "").strip()
    if query:
        listed = [one for one in listed if query in f"{one['title']}{one['audience']}{one['summary']}"]
    return tk.render("catalogue/services.html", {"services": listed, "q": query, "words": release_words})


@registers.get("/catalogue/registers")
def page() -> Answer:
    """Periods, sources, projects, leads, successions, services: what they say and what may be done."""
    refused = needs_account()
    return _page([]) if refused is None else refused


def _page(errors: list[str]) -> Answer:
    user = tk.current_user
    try:
        lists = {
            name: call(f"govdata_{name}_list", {})
            for name in ("duty", "verification", "project", "succession", "lead", "need")
        }
    except tk.NotAuthorized:
        return tk.abort(403, tk._("The registers are for officers of departments."))
    mine = organizations_of(user, frozenset({COMPILER}))
    departments = titles(model.Session)
    html = tk.render(
        "catalogue/registers.html",
        {
            **lists,
            "services": [s for s in call("govdata_guide_list", {}) if s["organization_name"] in _names(mine)],
            "departments": sorted(departments.items(), key=lambda pair: pair[1]),
            "titles": departments,
            "mine": sorted((one, departments[one]) for one in mine if one in departments),
            "administers": ADMINISTRATOR in roles_of(user, None),
            "lead_label": _lead_label,
            "evaluated": latest_first(model.Session, [one["organization_id"] for one in lists["project"]]),
            "words": release_words,
            "errors": errors,
        },
    )
    return never_kept(make_response(html, 422 if errors else 200))


@registers.post("/catalogue/registers/<name>")
def form(name: str) -> Answer:
    """One form of the page."""
    refused = needs_account()
    if refused is not None:
        return refused
    if name not in FORMS:
        return tk.abort(404, tk._("There is no such register."))
    action, fields = FORMS[name]
    said: dict[str, Any] = {field: tk.request.form.get(field, "").strip() for field in fields}
    if "entries" in said:
        said["entries"] = said["entries"].replace("，", ",").replace("\n", ",").split(",")
    try:
        call(action, {field: value for field, value in said.items() if value != ""})
    except tk.ValidationError as error:
        return _page(release_words.sentences(error))
    except (tk.NotAuthorized, tk.ObjectNotFound) as error:
        tk.h.flash_error(str(error) or tk._("You may not do this."), allow_html=False)
    else:
        tk.h.flash_success(tk._("Recorded in the register."))
    return tk.h.redirect_to("govdata_registers.page")


def _names(ids: frozenset[str]) -> set[str]:
    found = model.Session.query(model.Group.name).filter(model.Group.id.in_(ids))
    return {row.name for row in found}


def _lead_label(kind: str, value: str) -> str:
    return code(leads.LISTS[kind], value).label(str(tk.h.lang()))
