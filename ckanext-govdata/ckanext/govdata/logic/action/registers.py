"""Actions of the registers beside the catalogue: leads, duties, sources, succession, guides, projects."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import Context, DataDict

from ckanext.govdata.catalogue import bulk
from ckanext.govdata.catalogue.registers import duties, guides, leads, projects, rules, sources, succession
from ckanext.govdata.logic.action import calling
from ckanext.govdata.logic.errors import edge
from ckanext.govdata.release.lifecycle import DEPARTMENT_ROLES
from ckanext.govdata.release.roles import organizations_of, roles_of
from licensing.core.workdays import StatutoryCalendar

Document = dict[str, Any]


def govdata_lead_set(context: Context, data_dict: DataDict) -> list[Document]:
    """Name the lead department of a base library or a theme (SX-9, HB-8).

    :param kind: ``base`` or ``theme``
    :param value: of the code list
    :param organization: id or name
    """
    tk.check_access("govdata_lead_set", context, data_dict)
    caller, organization = calling.caller(context), _organization(data_dict, "organization")
    with edge() as session:
        kind, value = _text(data_dict, "kind"), _text(data_dict, "value")
        leads.name(session, kind=kind, value=value, organization=organization, by=caller.id)
    return _leads()


@tk.side_effect_free
def govdata_lead_list(context: Context, data_dict: DataDict) -> list[Document]:
    """Lead departments: ``{kind, value, organization_id}``."""
    tk.check_access("govdata_lead_list", context, data_dict)
    return _leads()


def govdata_duty_register(context: Context, data_dict: DataDict) -> list[Document]:
    """Put on record that a law, the functions or the data changed: the period to update begins (QD-8, JS-15).

    :param organization: whose entries have to be updated
    :param cause: ``law``, ``function`` or ``data``
    :param why: what changed
    :param began: the day
    :param dataset: the entry, for a change of data
    """
    tk.check_access("govdata_duty_register", context, data_dict)
    caller, organization = calling.caller(context), _organization(data_dict, "organization")
    dataset = _text(data_dict, "dataset")
    package = model.Package.get(dataset) if dataset else None
    if dataset and (package is None or package.owner_org != organization.id):
        raise tk.ObjectNotFound("该部门没有这条目录。 The department has no such entry.")
    with edge() as session:
        duties.register(
            session,
            cause=_text(data_dict, "cause"),
            why=_text(data_dict, "why"),
            began=_day(data_dict, "began"),
            organization=organization,
            dataset_id=package.id if package is not None else None,
            by=caller.id,
        )
    return _duties(caller)


@tk.side_effect_free
def govdata_duty_list(context: Context, data_dict: DataDict) -> list[Document]:
    """Duties to update with due day and lamp, the most urgent first; of the caller's departments."""
    tk.check_access("govdata_duty_list", context, data_dict)
    return _duties(calling.caller(context))


def govdata_collector_set(context: Context, data_dict: DataDict) -> Document:
    """Name the primary collector of an item (JS-11).

    :param item: its name
    :param organization: id or name
    :param basis: on what ground
    """
    tk.check_access("govdata_collector_set", context, data_dict)
    caller, organization = calling.caller(context), _organization(data_dict, "organization")
    with edge() as session:
        found = sources.name_collector(
            session,
            label=_text(data_dict, "item"),
            organization=organization,
            basis=_text(data_dict, "basis"),
            by=caller.id,
        )
        return {"item": found.item, "label": found.label, "organization_id": found.organization_id}


def govdata_verification_open(context: Context, data_dict: DataDict) -> Document:
    """Ask the primary collector of an item to verify it, because one's own data disagree (JS-11, HB-17).

    :param organization: the department that asks
    :param item: the item's name
    :param description: what disagrees; no personal data
    """
    tk.check_access("govdata_verification_open", context, data_dict)
    caller, organization = calling.caller(context), _organization(data_dict, "organization")
    with edge() as session:
        case = sources.open_case(
            session,
            label=_text(data_dict, "item"),
            other=organization,
            description=_text(data_dict, "description"),
            by=caller.id,
        )
        case_id = case.id
    return _verification(case_id)


def govdata_verification_step(context: Context, data_dict: DataDict) -> Document:
    """One step of a verification.

    :param id: of the case
    :param step: ``explain`` (the collector), ``close`` or ``reopen`` (the administrator)
    :param reason: what was found
    :param outcome: for ``close``: ``collector_right``, ``other_right``, ``both_right`` or ``neither``
    """
    tk.check_access("govdata_verification_step", context, data_dict)
    caller, case_id = calling.caller(context), _text(data_dict, "id")
    outcome = _text(data_dict, "outcome") or None
    with edge() as session:
        sources.take(session, case_id, _text(data_dict, "step"), caller, _text(data_dict, "reason"), outcome)
    return _verification(case_id)


@tk.side_effect_free
def govdata_verification_list(context: Context, data_dict: DataDict) -> list[Document]:
    """Every verification with its record and outcome."""
    tk.check_access("govdata_verification_list", context, data_dict)
    return sources.listed(model.Session)


def govdata_succession_carry_out(context: Context, data_dict: DataDict) -> Document:
    """Move a department's catalogue and agreements to its successor, history kept (SX-16(3), QD-8).

    The catalogue has moved when this answers; agreements follow within seconds, see
    ``govdata_succession_list``.

    :param kind: ``renamed``, ``merged`` or ``dissolved``
    :param predecessor: id or name
    :param successor: id or name; left out for a rename that keeps the department
    :param title: the new name, for such a rename
    :param basis: the document that orders it
    :param effective: the day
    :param entries: names of entries, when only these move
    """
    tk.check_access("govdata_succession_carry_out", context, data_dict)
    caller = calling.caller(context)
    predecessor = _organization(data_dict, "predecessor")
    if _text(data_dict, "kind") == "renamed" and not _text(data_dict, "successor"):
        return _renamed(data_dict, predecessor, caller)
    successor = _organization(data_dict, "successor")
    names = data_dict.get("entries")
    if names is not None and not isinstance(names, list):
        raise tk.ValidationError({"entries": ["应为列表。 A list."]})
    found = [model.Package.get(str(name)) for name in names or []]
    if None in found:
        raise tk.ObjectNotFound("没有这条目录。 There is no such entry.")
    with edge() as session:
        record = succession.carry_out(
            session,
            kind=_text(data_dict, "kind"),
            predecessor=predecessor,
            successor=successor,
            basis=_text(data_dict, "basis"),
            effective=_day(data_dict, "effective"),
            by=caller.id,
            entries=[one.id for one in found] if names is not None else None,
        )
        moved, record_id = list(record.moved["entries"]), record.id
    return _indexed(record_id, moved)


def _indexed(record_id: str, moved: list[str]) -> Document:
    """Tell the search; a process that dies here leaves it to the scheduler."""
    bulk.index(moved)
    with edge() as session:
        succession.indexed(session, record_id)
    return {"id": record_id, "entries": len(moved)}


def _renamed(data_dict: DataDict, department: model.Group, caller: model.User) -> Document:
    with edge() as session:
        record = succession.rename(
            session,
            department=department,
            title=_text(data_dict, "title"),
            basis=_text(data_dict, "basis"),
            effective=_day(data_dict, "effective"),
            by=caller.id,
        )
        moved, record_id = list(record.moved["entries"]), record.id
    return _indexed(record_id, moved)


@tk.side_effect_free
def govdata_succession_list(context: Context, data_dict: DataDict) -> list[Document]:
    """Every succession of departments."""
    tk.check_access("govdata_succession_list", context, data_dict)
    return succession.listed(model.Session)


def govdata_guide_save(context: Context, data_dict: DataDict) -> list[Document]:
    """Add a service to the public directory, or renew and confirm one (JS-20).

    :param organization: id or name
    :param id: of the service that is renewed
    :param title, audience, summary: required
    :param url: where it is
    :param datasets: names of entries that it uses
    """
    tk.check_access("govdata_guide_save", context, data_dict)
    caller, organization = calling.caller(context), _organization(data_dict, "organization")
    with edge() as session:
        guides.save(session, organization=organization, by=caller.id, said=dict(data_dict))
    return guides.listed(model.Session, organization.id)


def govdata_guide_end(context: Context, data_dict: DataDict) -> list[Document]:
    """Take a service out of the directory.

    :param organization: id or name
    :param id: of the service
    """
    tk.check_access("govdata_guide_end", context, data_dict)
    organization = _organization(data_dict, "organization")
    with edge() as session:
        guides.end(session, organization=organization, guide_id=_text(data_dict, "id"))
    return guides.listed(model.Session, organization.id)


@tk.side_effect_free
def govdata_guide_list(context: Context, data_dict: DataDict) -> list[Document]:
    """The public directory of services."""
    tk.check_access("govdata_guide_list", context, data_dict)
    return guides.listed(model.Session)


def govdata_project_begin(context: Context, data_dict: DataDict) -> Document:
    """Put a project on record (QD-25, HBP-5).

    :param organization: id or name
    :param title: of the project
    :param year: of its plan
    :param sharing_plan: what is shared, and how
    :param entries: names or titles of the entries that it will make
    """
    tk.check_access("govdata_project_begin", context, data_dict)
    caller, organization = calling.caller(context), _organization(data_dict, "organization")
    with edge() as session:
        project = projects.begin(session, organization=organization, by=caller.id, said=dict(data_dict))
        project_id = project.id
    return _project(project_id)


def govdata_project_step(context: Context, data_dict: DataDict) -> Document:
    """One step of a project; what misses its condition is refused (HBP-5 to HBP-7).

    :param id: of the project
    :param step: ``file``, ``review``, ``return``, ``approve``, ``accept`` or ``stop``
    :param reason: for ``return`` and ``stop``
    """
    tk.check_access("govdata_project_step", context, data_dict)
    caller, project_id = calling.caller(context), _text(data_dict, "id")
    with edge() as session:
        projects.take(session, project_id, _text(data_dict, "step"), caller, _text(data_dict, "reason"))
    return _project(project_id)


@tk.side_effect_free
def govdata_project_list(context: Context, data_dict: DataDict) -> list[Document]:
    """Projects with what they lack; of the caller's departments, or of all for the platform's officers."""
    tk.check_access("govdata_project_list", context, data_dict)
    return projects.listed(model.Session, _departments(calling.caller(context)))


def _leads() -> list[Document]:
    return [
        {"kind": kind, "value": value, "organization_id": organization}
        for (kind, value), organization in sorted(leads.known(model.Session).items())
    ]


def _duties(caller: model.User) -> list[Document]:
    return duties.shown(model.Session, rules.in_force(), StatutoryCalendar(), _departments(caller))


def _verification(case_id: str) -> Document:
    return next(one for one in sources.listed(model.Session) if one["id"] == case_id)


def _project(project_id: str) -> Document:
    return next(one for one in projects.listed(model.Session) if one["id"] == project_id)


def _departments(caller: model.User) -> list[str] | None:
    """The departments whose rows the caller sees; None for all of them."""
    return None if roles_of(caller, None) else sorted(organizations_of(caller, DEPARTMENT_ROLES))


def _organization(data_dict: DataDict, name: str) -> model.Group:
    found = model.Group.get(_text(data_dict, name)) if _text(data_dict, name) else None
    if found is None or not found.is_organization:
        raise tk.ObjectNotFound("没有这个部门。 There is no such department.")
    return cast(model.Group, found)


def _text(data_dict: DataDict, name: str) -> str:
    value = data_dict.get(name)
    if value is not None and not isinstance(value, (str, int)):
        raise tk.ValidationError({name: ["应为文字。 A text."]})
    return "" if value is None else str(value).strip()


def _day(data_dict: DataDict, name: str) -> date:
    try:
        return date.fromisoformat(_text(data_dict, name))
    except ValueError:
        message = "日期应为 2026-03-14 的形式。 A date such as 2026-03-14."
        raise tk.ValidationError({name: [message]}) from None
