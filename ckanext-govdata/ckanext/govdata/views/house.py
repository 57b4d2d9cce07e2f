"""Safety of the house: incidents and drills, responsible persons, risk assessments, availability.

Article: HBP-14, QD-19, JS-30, TZ-20, QD-26, QD-24, HB-26.
"""

from __future__ import annotations

from typing import Any, Final

from ckan import model
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, make_response

from ckanext.govdata.cases.names import named
from ckanext.govdata.logic.errors import reader_language
from ckanext.govdata.portal import departments
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, DEPARTMENT_ROLES, REVIEWER
from ckanext.govdata.release.roles import organizations_of, roles_of
from ckanext.govdata.supervision.incidents.lifecycle import INCIDENT, LEVELS, OFFICE
from ckanext.govdata.supervision.incidents.service import OFFICE_WORD
from ckanext.govdata.views import release_words
from ckanext.govdata.views.form_guard import call, protect

house = protect(Blueprint("govdata_house", __name__, url_prefix="/supervision"), account=True)

INCIDENT_FIELDS: Final = ("organization", "level", "title", "facts", "found_at")
DRILL_FIELDS: Final = ("organization", "held_on", "scenario", "record")
Answer = Response | str


@house.get("/incidents")
def incidents() -> Answer:
    """Incidents, the plan, drills, and the forms to enter them."""
    return _incidents("", [])


def _incidents(form: str, errors: list[str]) -> Answer:
    page = tk.request.args.get("page", "1")[:6]
    held = roles_of(tk.current_user.name, None)
    body = tk.render(
        "supervision/incidents.html",
        {
            **_words(), "listed": _read("govdata_incident_list", {"page": page}), "levels": LEVELS,
            "places": _places(bool(held & OFFICE)), "office": OFFICE_WORD if held & OFFICE else "",
            "plans": ADMINISTRATOR in held, "form": form, "errors": errors,
            "posted": tk.request.form if errors else {},
        },
    )  # fmt: skip
    return make_response(body, 422 if errors else 200)


@house.post("/incidents")
def report() -> Answer:
    """Enter an incident."""
    return _entered("govdata_incident_report", INCIDENT_FIELDS, "incident")


@house.post("/incidents/plan")
def plan() -> Answer:
    """A new version of the plan."""
    return _entered("govdata_incident_plan", ("text", "responsible"), "plan")


@house.post("/incidents/drills")
def drill() -> Answer:
    """A drill that was held."""
    return _entered("govdata_drill_hold", DRILL_FIELDS, "drill")


def _entered(action: str, fields: tuple[str, ...], form: str) -> Answer:
    try:
        made = call(action, _said(fields))
    except tk.ValidationError as error:
        return _incidents(form, release_words.sentences(error))
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    tk.h.flash_success(tk._("Recorded."))
    if form == "incident":
        return tk.h.redirect_to("govdata_house.incident", number=made["number"])
    return tk.h.redirect_to("govdata_house.incidents")


@house.get("/incidents/<int:number>")
def incident(number: int) -> Answer:
    """One incident."""
    return _incident(number, [])


def _incident(number: int, errors: list[str]) -> Answer:
    case = _read("govdata_incident_show", {"number": str(number)})
    posted = tk.request.form if errors else {}
    body = tk.render(
        "supervision/incident.html", {**_words(), "case": case, "errors": errors, "posted": posted}
    )
    return make_response(body, 422 if errors else 200)


@house.post("/incidents/<int:number>/<any({}):name>".format(",".join(INCIDENT.actions)))
def step(number: int, name: str) -> Answer:
    """One step of the table."""
    try:
        call("govdata_incident_step", {"number": str(number), "step": name, **_said(("reason",))})
    except tk.ValidationError as error:
        return _incident(number, release_words.sentences(error))
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    tk.h.flash_success(tk._("Recorded."))
    return tk.h.redirect_to("govdata_house.incident", number=number)


@house.get("/responsible")
def responsible() -> Answer:
    """Responsible persons and officers of every department."""
    return _responsible([])


def _responsible(errors: list[str]) -> Answer:
    everywhere = ADMINISTRATOR in roles_of(tk.current_user.name, None)
    own = organizations_of(tk.current_user.name, {REVIEWER})
    rows = _read("govdata_responsible_list", {})
    body = tk.render(
        "supervision/responsible.html",
        {
            **_words(), "rows": rows, "may_name": [row for row in rows if everywhere or row["id"] in own],
            "errors": errors, "posted": tk.request.form if errors else {},
        },
    )  # fmt: skip
    return make_response(body, 422 if errors else 200)


@house.post("/responsible")
def name() -> Answer:
    """Name who answers for a department."""
    try:
        call("govdata_responsible_name", _said(("organization", "person", "position")))
    except tk.ValidationError as error:
        return _responsible(release_words.sentences(error))
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    tk.h.flash_success(tk._("Recorded."))
    return tk.h.redirect_to("govdata_house.responsible")


@house.get("/assessments")
def assessments() -> Answer:
    """Risk assessments on record."""
    page = tk.request.args.get("page", "1")[:6]
    listed = _read("govdata_assessment_list", {"page": page})
    return tk.render("supervision/assessments.html", {**_words(), "listed": listed})


@house.get("/availability")
def availability() -> Answer:
    """What probes have found."""
    return tk.render(
        "supervision/availability.html", {**_words(), "found": _read("govdata_availability_show", {})}
    )


def _read(action: str, data: dict[str, Any]) -> Any:
    try:
        return call(action, data)
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))


def _said(fields: tuple[str, ...]) -> dict[str, str]:
    return {name: tk.request.form.get(name, "").strip() for name in fields}


def _places(every: bool) -> list[Any]:
    if every:
        return list(departments.flat(departments.tree()))
    own = organizations_of(tk.current_user.name, DEPARTMENT_ROLES)
    return sorted(named(model.Session, model.Group, own).values(), key=lambda one: one["title"])


def _words() -> dict[str, Any]:
    return {"language": reader_language(), "words": release_words}
