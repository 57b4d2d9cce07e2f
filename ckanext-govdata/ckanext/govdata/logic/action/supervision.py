"""Actions of supervision: the clock board and its clocks, and what has to be put right."""

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
from ckanext.govdata.supervision.rectification import paper, service
from ckanext.govdata.supervision.rectification import present as cases
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


def govdata_rectification_open(context: Context, data_dict: DataDict) -> Document:
    """Enter by hand what a department is to put right; its notice is issued afterwards (HB-31, QD-27).

    :param organization: id or name of the department
    :param violation: of the code list ``violation``
    :param facts: what happened, in 10 to 2000 characters; no personal data
    """
    tk.check_access("govdata_rectification_open", context, data_dict)
    person = calling.caller(context)
    with edge() as session:
        made = service.enter(session, person, data_dict).id
    return cases.show(model.Session, service.get(model.Session, made), person)


@tk.side_effect_free
def govdata_rectification_list(context: Context, data_dict: DataDict) -> Document:
    """Cases that the caller may see: ``{count, states, results}``. Everybody reads published criticisms.

    :param state: e.g. ``notified``, ``replied``, ``reported``
    :param organization: id of the department
    :param violation: of the code list
    :param page: from 1
    """
    tk.check_access("govdata_rectification_list", context, data_dict)
    page = str(data_dict.get("page") or "1")
    return cases.listed(
        model.Session, calling.maybe(context), state=_text(data_dict, "state"),
        organization=_text(data_dict, "organization"), violation=_text(data_dict, "violation"),
        page=max(int(page), 1) if page.isdecimal() and len(page) < 6 else 1,
    )  # fmt: skip


@tk.side_effect_free
def govdata_rectification_show(context: Context, data_dict: DataDict) -> Document:
    """One case with its history and what the caller may do.

    :param id: id or number
    """
    tk.check_access("govdata_rectification_show", context, data_dict)
    person = calling.maybe(context)
    with edge() as session:
        case = service.get(session, _text(data_dict, "id") or "")
        if not service.may_see(case, person):
            raise service.absent()
        return cases.show(session, case, person)


def govdata_rectification_paper(context: Context, data_dict: DataDict) -> Document:
    """Make the issued notice as a document that the office then signs: ``{document}``.

    :param id: id or number
    """
    tk.check_access("govdata_rectification_paper", context, data_dict)
    person = calling.caller(context)
    with edge() as session:
        case = service.get(session, _text(data_dict, "id") or "")
        if not service.may_see(case, person):
            raise service.absent()
        return {"document": paper.make(case, person)}


def govdata_rectification_step(context: Context, data_dict: DataDict) -> Document:
    """Take one step of the table in ``docs/reference/rectification.md``.

    :param id: id or number
    :param step: e.g. ``issue``, ``reply``, ``accept``, ``return``, ``criticise``
    :param reason: the explanation; most steps need it
    :param deadline: with ``issue``, ``extend`` and ``return``: the day, as ``2027-03-31``
    :param decision: with ``criticise``: number of the decision
    """
    tk.check_access("govdata_rectification_step", context, data_dict)
    person = calling.caller(context)
    with edge() as session:
        case = service.step(
            session, _text(data_dict, "id") or "", _text(data_dict, "step") or "", person, data_dict
        )
        case_id = case.id
    return cases.show(model.Session, service.get(model.Session, case_id), person)
