"""Actions of the public statistics of supervision and of the yearly evaluation."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import Context, DataDict

from ckanext.govdata.licensing_ports.library import opened
from ckanext.govdata.logic.action import calling
from ckanext.govdata.logic.errors import edge
from ckanext.govdata.portal import days
from ckanext.govdata.requests.service import department
from ckanext.govdata.supervision.evaluation import present, service
from ckanext.govdata.supervision.statistics import period
from ckanext.govdata.supervision.statistics import present as statistics
from licensing.core.errors import InvalidInput

Document = dict[str, Any]


@tk.side_effect_free
def govdata_supervision_statistics(context: Context, data_dict: DataDict) -> Document:
    """How authorisations were handled, data were called and taken, and ways were there (HB-26).

    :param period: ``2026``, ``2026Q1`` or ``2026-03``; this year when left out
    """
    tk.check_access("govdata_supervision_statistics", context, data_dict)
    with edge() as session, opened() as library:
        return statistics.gather(
            session, library, period.parse(_text(data_dict, "period") or str(days.today().year))
        )


def govdata_evaluation_open(context: Context, data_dict: DataDict) -> Document:
    """Draft the reports of a year, figures filled in: ``{opened}`` (QD-21).

    :param year: of the evaluation
    :param set: ``departments`` or ``open_forest``
    """
    tk.check_access("govdata_evaluation_open", context, data_dict)
    caller = calling.caller(context)
    with edge() as session, opened() as library:
        made = service.open_year(
            session, library, _year(data_dict), _text(data_dict, "set") or "departments", caller.id
        )
        return {"opened": made}


@tk.side_effect_free
def govdata_evaluation_list(context: Context, data_dict: DataDict) -> list[Document]:
    """Evaluations that the caller may see; everybody reads what is published.

    :param year, set, organization: narrow the list
    """
    tk.check_access("govdata_evaluation_list", context, data_dict)
    with edge() as session:
        asked = _text(data_dict, "organization")
        return present.listed(
            session, calling.maybe(context), year=_year(data_dict) if _text(data_dict, "year") else None,
            name=_text(data_dict, "set") or None, organization=department(asked).id if asked else None,
        )  # fmt: skip


@tk.side_effect_free
def govdata_evaluation_show(context: Context, data_dict: DataDict) -> Document:
    """One report with its figures, points, comments and advice.

    :param id: of the evaluation
    """
    tk.check_access("govdata_evaluation_show", context, data_dict)
    person = calling.maybe(context)
    with edge() as session:
        return present.show(session, _seen(session, data_dict, person), person)


@tk.side_effect_free
def govdata_evaluation_records(context: Context, data_dict: DataDict) -> Document:
    """The records behind one figure, for the department and for whoever supervises.

    :param id: of the evaluation
    :param indicator: its id
    :param good: ``1`` those that are as they should be, ``0`` the others
    :param page: from 1
    """
    tk.check_access("govdata_evaluation_records", context, data_dict)
    person, page = calling.caller(context), _text(data_dict, "page") or "1"
    with edge() as session, opened() as library:
        case = service.get(session, _text(data_dict, "id"))
        if not service.may_see_records(case, person):
            raise service.absent()
        return present.records(
            session, library, case, _text(data_dict, "indicator"),
            good={"1": True, "0": False}.get(_text(data_dict, "good")),
            page=max(int(page), 1) if page.isdecimal() and len(page) < 6 else 1,
            length=None if data_dict.get("all") else present.count.LINES,
        )  # fmt: skip


def govdata_evaluation_step(context: Context, data_dict: DataDict) -> Document:
    """Take one step of the table in ``docs/reference/evaluation.md``.

    :param id: of the evaluation
    :param step: ``save``, ``sign``, ``return``, ``advise``, ``publish`` or ``withdraw``
    :param comments: with ``save`` and ``sign``: comment by indicator
    :param by_hand: with ``save`` and ``sign``: percentage by indicator that no measure gives
    :param reason: with the others: the explanation or the advice
    """
    tk.check_access("govdata_evaluation_step", context, data_dict)
    person = calling.caller(context)
    with edge() as session, opened() as library:
        case = service.step(
            session, library, _text(data_dict, "id"), _text(data_dict, "step"), person, data_dict
        )
        case_id = case.id
    return present.show(model.Session, service.get(model.Session, case_id), person)


@tk.side_effect_free
def govdata_evaluation_history(context: Context, data_dict: DataDict) -> list[Document]:
    """Published results of a department, the newest first, for the approval of projects (HBP-17).

    :param organization: id or name
    """
    tk.check_access("govdata_evaluation_history", context, data_dict)
    with edge() as session:
        return present.history(session, department(_text(data_dict, "organization")).id)


def _seen(session: Any, data_dict: DataDict, person: model.User | None) -> Any:
    case = service.get(session, _text(data_dict, "id"))
    if not service.may_see(case, person):
        raise service.absent()
    return case


def _text(data_dict: DataDict, name: str) -> str:
    return str(data_dict.get(name) or "").strip() if name != "good" else str(data_dict.get(name, "")).strip()


def _year(data_dict: DataDict) -> int:
    text = _text(data_dict, "year")
    if not (text.isdecimal() and len(text) == 4):
        raise InvalidInput("年度写作 2026。", "A year is written as 2026.")
    return int(text)
