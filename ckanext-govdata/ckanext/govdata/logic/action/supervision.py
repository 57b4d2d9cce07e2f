"""Actions of supervision: the clock board and its clocks."""

from __future__ import annotations

from datetime import date
from typing import Any

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import Context, DataDict

from ckanext.govdata.logic.action import calling
from ckanext.govdata.logic.errors import edge
from ckanext.govdata.supervision import sight
from ckanext.govdata.supervision.board import present
from licensing.core.errors import InvalidInput

Document = dict[str, Any]


@tk.side_effect_free
def govdata_clock_board(context: Context, data_dict: DataDict) -> Document:
    """How many clocks of which department and kind show which lamp, and the trend of twelve weeks (JS-32).

    Officers of a department see their own; the administrator, supervisors and auditors see all of them.
    """
    tk.check_access("govdata_clock_board", context, data_dict)
    return present.board(model.Session, sight.departments_of(calling.caller(context)))


@tk.side_effect_free
def govdata_clock_list(context: Context, data_dict: DataDict) -> Document:
    """Running clocks, the most urgent first: ``{results, next}``.

    :param department: id of a department; ``office`` for the administrator's own
    :param kind: kind of matter
    :param lamp: ``red``, ``yellow``, ``green`` or ``paused``
    :param until: last due day
    :param after: the ``next`` of an earlier answer
    """
    tk.check_access("govdata_clock_list", context, data_dict)
    with edge() as session:
        wish = wish_of(calling.caller(context), data_dict)
        return present.lines(session, wish, after=str(data_dict.get("after") or "") or None)


def wish_of(caller: model.User, data_dict: DataDict) -> present.Wish:
    """The question of a call, kept to what the caller may see. Raises InvalidInput."""
    department = _text(data_dict, "department")
    return present.Wish(
        departments=sight.departments_of(caller),
        department="" if department == sight.OFFICE_WORD else department,
        kind=_text(data_dict, "kind"),
        lamp=_text(data_dict, "lamp"),
        until=_day(_text(data_dict, "until")),
    )


def _text(data_dict: DataDict, name: str) -> str | None:
    return str(data_dict.get(name) or "").strip() or None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput("日期写作 2026-03-31。", "A day is written as 2026-03-31.") from None
