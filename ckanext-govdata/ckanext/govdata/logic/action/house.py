"""Actions of the safety of the house: incidents, drills, responsible persons, assessments, availability."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import Context, DataDict

from ckanext.govdata.logic.action import calling
from ckanext.govdata.logic.errors import edge
from ckanext.govdata.supervision import assessments, responsible, sight
from ckanext.govdata.supervision.availability import present as availability
from ckanext.govdata.supervision.incidents import present, service

Document = dict[str, Any]


def govdata_incident_report(context: Context, data_dict: DataDict) -> Document:
    """Enter a security incident (HBP-14, QD-19).

    :param organization: id or name of the department; ``office`` for the platform itself
    :param level: ``I`` to ``IV``
    :param title: in 4 to 100 characters; no personal data
    :param facts: in 10 to 2000 characters; no personal data
    :param found_at: when it was found, as ``2026-03-31T09:30``; the period for reporting runs from it
    """
    tk.check_access("govdata_incident_report", context, data_dict)
    person = calling.caller(context)
    with edge() as session:
        number = service.report(session, person, data_dict).number
    return present.show(model.Session, service.get(model.Session, str(number)), person)


@tk.side_effect_free
def govdata_incident_list(context: Context, data_dict: DataDict) -> Document:
    """Incidents, drills and versions of the plan that the caller may see.

    :param page: from 1
    """
    tk.check_access("govdata_incident_list", context, data_dict)
    return present.overview(model.Session, calling.caller(context), _page(data_dict))


@tk.side_effect_free
def govdata_incident_show(context: Context, data_dict: DataDict) -> Document:
    """One incident with its history and what the caller may do.

    :param number: its number
    """
    tk.check_access("govdata_incident_show", context, data_dict)
    person = calling.caller(context)
    with edge() as session:
        case = service.get(session, str(data_dict.get("number") or ""))
        if not service.may_see(case, person):
            raise service.absent()
        return present.show(session, case, person)


def govdata_incident_step(context: Context, data_dict: DataDict) -> Document:
    """Take one step: ``report``, ``contain``, ``restore``, ``review``, ``reopen``.

    :param number: its number
    :param step: the step
    :param reason: what was done
    """
    tk.check_access("govdata_incident_step", context, data_dict)
    person = calling.caller(context)
    number = str(data_dict.get("number") or "")
    with edge() as session:
        service.step(session, number, str(data_dict.get("step") or ""), person, data_dict)
    return present.show(model.Session, service.get(model.Session, number), person)


def govdata_incident_plan(context: Context, data_dict: DataDict) -> Document:
    """A new version of the plan for incidents; earlier versions stay.

    :param text: in 50 to 20000 characters
    :param responsible: name of the account that is responsible
    """
    tk.check_access("govdata_incident_plan", context, data_dict)
    with edge() as session:
        made = service.write_plan(session, calling.caller(context), data_dict)
        return {"version": made.version}


def govdata_drill_hold(context: Context, data_dict: DataDict) -> Document:
    """Put a drill on record; it is due every year.

    :param organization: id or name of the department; ``office`` for the platform itself
    :param held_on: the day, as ``2026-03-31``
    :param scenario: what was tried
    :param record: how it went, what is to be mended
    """
    tk.check_access("govdata_drill_hold", context, data_dict)
    with edge() as session:
        made = service.hold_drill(session, calling.caller(context), data_dict)
        return {"id": made.id, "plan_version": made.plan_version}


def govdata_responsible_name(context: Context, data_dict: DataDict) -> Document:
    """Name who answers for a department's data (JS-30, TZ-20, QD-26).

    :param organization: id or name of the department
    :param person: name of an account that holds a role there
    :param position: their position
    """
    tk.check_access("govdata_responsible_name", context, data_dict)
    with edge() as session:
        made = responsible.name(session, calling.caller(context), data_dict)
        return {"id": made.id, "organization": made.organization_id}


@tk.side_effect_free
def govdata_responsible_list(context: Context, data_dict: DataDict) -> list[Document]:
    """Every department with its responsible person and officers; those that lack somebody come first."""
    tk.check_access("govdata_responsible_list", context, data_dict)
    return responsible.register(model.Session)


@tk.side_effect_free
def govdata_assessment_list(context: Context, data_dict: DataDict) -> Document:
    """Risk assessments on record: date, result, next due (QD-24).

    :param page: from 1
    """
    tk.check_access("govdata_assessment_list", context, data_dict)
    places = sight.departments_of(calling.caller(context))
    return assessments.register(model.Session, places, _page(data_dict))


@tk.side_effect_free
def govdata_availability_show(context: Context, data_dict: DataDict) -> Document:
    """Availability by probes in the last thirty days, and outages (HB-26)."""
    tk.check_access("govdata_availability_show", context, data_dict)
    return availability.overview(model.Session, sight.departments_of(calling.caller(context)))


def _page(data_dict: DataDict) -> int:
    page = str(data_dict.get("page") or "1")
    return max(int(page), 1) if page.isdecimal() and len(page) < 6 else 1
