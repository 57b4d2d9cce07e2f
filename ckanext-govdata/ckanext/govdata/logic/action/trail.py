"""The whole trail of a dataset or of a case, for the administrator and auditors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import Context, DataDict

from ckanext.govdata.licensing_ports.setup import setup
from ckanext.govdata.logic.errors import edge
from ckanext.govdata.supervision.trail import finding, phases, present, scope
from ckanext.govdata.supervision.trail.lines import Databases, Wish
from licensing.core.errors import InvalidInput, NotFound

Document = dict[str, Any]


@tk.side_effect_free
def govdata_life_cycle(context: Context, data_dict: DataDict) -> Document:
    """What happened to a dataset or a case, in time order, with its entries of the ledger (SX-20).

    :param kind: ``dataset`` or ``case``
    :param id: id or name of the entry; id of the case
    :param phase: of this part of the life cycle only, e.g. ``processing``
    :param actor: name or id of an officer
    :param since: from this day on
    :param until: up to this day, included
    :param after: the ``next`` of an earlier answer
    :param whole: ``true`` for every line at once, with the ledger's newest checkpoint
    """
    tk.check_access("govdata_life_cycle", context, data_dict)
    with databases() as where:
        found = _scope(where, _text(data_dict, "kind"), _text(data_dict, "id"))
        wish = _wish(data_dict)
        if tk.asbool(data_dict.get("whole") or False):
            return present.whole(where, found, wish)
        return present.page(where, found, wish, _text(data_dict, "after") or None)


@tk.side_effect_free
def govdata_life_cycle_find(context: Context, data_dict: DataDict) -> Document:
    """Datasets and cases that ``q`` names: ``{results: [{kind, id, title, kind_name}]}``, at most 20.

    :param q: name or title of an entry; id of a case; number of an agreement, a filing or a complaint
    """
    tk.check_access("govdata_life_cycle_find", context, data_dict)
    with databases() as where:
        return {"results": finding.find(where, _text(data_dict, "q"))}


@contextmanager
def databases() -> Iterator[Databases]:
    """Both databases, read only; errors as CKAN's."""
    with edge() as portal, setup().session() as library:
        try:
            yield Databases(portal, library)
        finally:
            library.rollback()


def _scope(where: Databases, kind: str, wanted: str) -> scope.Scope:
    found: scope.Scope | None = None
    if kind == scope.DATASET:
        package = model.Package.get(wanted)
        found = scope.of_dataset(package) if package is not None and package.type == "dataset" else None
    elif kind == scope.CASE:
        found = scope.of_case(where.portal, where.library, wanted)
    if found is None:
        raise NotFound("没有这个数据目录条目或者事项。", "There is no such entry or case.")
    return found


def _wish(data_dict: DataDict) -> Wish:
    phase, actor = _text(data_dict, "phase"), _text(data_dict, "actor")
    if phase and phase not in phases.PHASES:
        raise InvalidInput("没有这个环节。", "There is no such part of the life cycle.")
    account = model.User.get(actor) if actor else None
    return Wish(
        phase=phase or None,
        actor=(account.id if account is not None else actor) or None,
        since=_day(_text(data_dict, "since")),
        until=_day(_text(data_dict, "until")),
    )


def _text(data_dict: DataDict, name: str) -> str:
    return str(data_dict.get(name) or "").strip()[:200]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput("日期写作 2026-03-31。", "A day is written as 2026-03-31.") from None
