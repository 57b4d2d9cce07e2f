"""Standing in for somebody, acting on many releases at once, and the trail that auditors read."""

from __future__ import annotations

from datetime import date

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import Context, DataDict

from ckanext.govdata.accounts import delegation
from ckanext.govdata.cases import trail
from ckanext.govdata.logic import schema
from ckanext.govdata.logic.action.calling import Document, caller, validated
from ckanext.govdata.logic.action.officer import department
from ckanext.govdata.logic.errors import edge
from ckanext.govdata.release import bulk
from licensing.core.errors import InvalidInput


def govdata_delegation_create(context: Context, data_dict: DataDict) -> list[Document]:
    """Lend one's own duties to another officer of the same department for some days.

    :param deputy: id or name
    :param organization: id or name; left out for duties of the platform
    :param starts_on: first day, as ``2027-03-01``
    :param ends_on: last day, included
    """
    tk.check_access("govdata_delegation_create", context, data_dict)
    data = validated(
        data_dict,
        {**schema.needed("deputy", "starts_on", "ends_on"), **schema.texts("organization")},
        context,
    )
    person = caller(context)
    with edge() as session:
        delegation.grant(
            session,
            principal=person,
            deputy=model.User.get(data["deputy"]),
            organization=department(data.get("organization")),
            starts_on=_day(data["starts_on"]),
            ends_on=_day(data["ends_on"]),
        )
    return delegation.listed(model.Session, person)


def govdata_delegation_revoke(context: Context, data_dict: DataDict) -> list[Document]:
    """End a delegation before its last day.

    :param id: of the delegation
    """
    tk.check_access("govdata_delegation_revoke", context, data_dict)
    data = validated(data_dict, schema.release_id(), context)
    person = caller(context)
    with edge() as session:
        delegation.revoke(session, data["id"], person)
    return delegation.listed(model.Session, person)


@tk.side_effect_free
def govdata_delegation_list(context: Context, data_dict: DataDict) -> list[Document]:
    """Delegations from and to the caller; all of them for officers of the platform."""
    tk.check_access("govdata_delegation_list", context, data_dict)
    return delegation.listed(model.Session, caller(context))


def govdata_release_bulk(context: Context, data_dict: DataDict) -> Document:
    """One step on many releases, each in a transaction of its own.

    Answers ``{done, failed, undo, outcomes: [{id, title, number, ok, state, message: {zh, en}}]}``; ``undo``
    is the step that takes this one back, or null.

    :param ids: at most 100 ids
    :param step: ``submit``, ``recall``, ``sign_off``, ``approve``, ``reject``, ``reconsider``,
        ``publish`` or ``cancel``
    :param reason: with ``reject`` and ``cancel``
    :param opinion: with ``approve`` and ``sign_off``
    :param conclusion: with ``sign_off``
    """
    tk.check_access("govdata_release_bulk", context, data_dict)
    ids = data_dict.get("ids")
    data = validated(
        {key: value for key, value in data_dict.items() if key != "ids"},
        {**schema.needed("step"), **schema.texts("reason", "opinion", "conclusion")},
        context,
    )
    person = caller(context)
    with edge():
        chosen = bulk.check(ids, data["step"])
    return bulk.carry_out(chosen, data["step"], person, data)


@tk.side_effect_free
def govdata_trail_list(context: Context, data_dict: DataDict) -> Document:
    """Who did what, when, in whose name, newest first: releases, requests, complaints, delegations, teams.

    :param kind: of this kind only
    :param actor: id or name of a person
    :param since: from this day on
    :param until: up to this day, included
    :param before: the cursor of an earlier answer
    """
    tk.check_access("govdata_trail_list", context, data_dict)
    data = validated(data_dict, schema.texts("kind", "actor", "since", "until", "before"), context)
    with edge() as session:
        return trail.listed(
            session,
            kind=data.get("kind") or None,
            actor=data.get("actor") or None,
            since=_maybe_day(data.get("since")),
            until=_maybe_day(data.get("until")),
            before=data.get("before") or None,
        )


def _maybe_day(text: str | None) -> date | None:
    return _day(text) if text else None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput("日期应写作 2027-03-01。", "Write a day as 2027-03-01.") from None
