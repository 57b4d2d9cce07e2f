"""Requests for data: asking, voting, answering (SX-14, JS-9)."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import Context, DataDict

from ckanext.govdata.logic import schema
from ckanext.govdata.logic.action.calling import Document, caller, maybe, validated
from ckanext.govdata.logic.errors import edge, refused
from ckanext.govdata.requests import finding, queue, service, statistics
from licensing.core.errors import LicensingError


def govdata_demand_create(context: Context, data_dict: DataDict) -> Document:
    """Ask for data. The request is public once the administrator has looked at it.

    :param title: what is wanted, in 4 to 60 characters
    :param purpose: what it is for, in 10 to 1000 characters; no personal data
    :param organization: id or name of the department, left out when not known
    :param team: id of an organisation account of one's own, in whose name one asks
    """
    tk.check_access("govdata_demand_create", context, data_dict)
    data = validated(data_dict, schema.texts("title", "purpose", "organization", "team"), context)
    person = caller(context)
    with edge() as session:
        made = service.create(session, person, data).id
    return queue.show(model.Session, service.get(model.Session, made), person)


@tk.side_effect_free
def govdata_demand_list(context: Context, data_dict: DataDict) -> Document:
    """Requests: ``{count, results}``. Everybody may read those that are public.

    :param state: ``open``, ``planned``, ``existing``, ``delivered``, ``refused``, ``objected``, ``confirmed``
    :param organization: id of the department
    :param q: words of the title
    :param order: ``votes``, ``newest`` or ``oldest``
    :param mine: those that one has asked oneself
    :param queue: those that wait for one's own step
    """
    tk.check_access("govdata_demand_list", context, data_dict)
    data = validated(data_dict, schema.demand_list(), context)
    return queue.listed(model.Session, maybe(context), data)


@tk.side_effect_free
def govdata_demand_show(context: Context, data_dict: DataDict) -> Document:
    """One request with its history, its clocks and what the caller may do.

    :param id: id or number
    """
    tk.check_access("govdata_demand_show", context, data_dict)
    data = validated(data_dict, schema.release_id(), context)
    person = maybe(context)
    try:
        demand = service.get(model.Session, data["id"])
    except LicensingError as error:
        raise refused(error) from None
    if not service.may_see(model.Session, demand, person):
        raise tk.ObjectNotFound("没有这条数据需求。 There is no such request.")
    return queue.show(model.Session, demand, person)


def govdata_demand_vote(context: Context, data_dict: DataDict) -> Document:
    """Say that one wants the same, or take it back; an account counts once.

    :param id: id or number
    :param wanted: false takes the vote back
    """
    tk.check_access("govdata_demand_vote", context, data_dict)
    data = validated(data_dict, schema.demand_vote(), context)
    person = caller(context)
    with edge() as session:
        demand = service.vote(session, data["id"], person, data["wanted"])
        demand_id = demand.id
    return queue.show(model.Session, service.get(model.Session, demand_id), person)


def govdata_demand_step(context: Context, data_dict: DataDict) -> Document:
    """Take one step of the table in ``docs/reference/requests.md``.

    :param id: id or number
    :param step: the step, e.g. ``accept``, ``plan``, ``point``, ``refuse``, ``object``
    :param reason: the explanation, which becomes public; some steps need it
    :param organization: with ``accept`` and ``assign``: the department that answers
    :param promised_for: with ``plan``: the day, as ``2027-03-31``
    :param dataset: with ``point`` and ``deliver``: short name or address of a public dataset
    :param basis: with ``refuse``: the legal basis, from the code list ``refusal_basis``
    :param duplicate_of: with ``decline``: number of the request that says the same
    """
    tk.check_access("govdata_demand_step", context, data_dict)
    fields = ("reason", "organization", "promised_for", "dataset", "basis", "duplicate_of")
    data = validated(
        data_dict, {**schema.release_id(), **schema.needed("step"), **schema.texts(*fields)}, context
    )
    person = caller(context)
    with edge() as session:
        demand = service.step(session, data["id"], data["step"], person, data)
        demand_id = demand.id
    return queue.show(model.Session, service.get(model.Session, demand_id), person)


@tk.side_effect_free
def govdata_demand_alike(context: Context, data_dict: DataDict) -> dict[str, list[dict[str, Any]]]:
    """Entries and requests like what somebody is about to ask for.

    :param q: the words
    """
    tk.check_access("govdata_demand_alike", context, data_dict)
    data = validated(data_dict, schema.texts("q"), context)
    return finding.alike(model.Session, data.get("q") or "")


@tk.side_effect_free
def govdata_demand_statistics(context: Context, data_dict: DataDict) -> Document:
    """How requests are answered: in all, by department, by state, by legal basis (HB-26)."""
    tk.check_access("govdata_demand_statistics", context, data_dict)
    return statistics.gather(model.Session)
