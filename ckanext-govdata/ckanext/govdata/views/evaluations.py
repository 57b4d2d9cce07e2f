"""The yearly evaluation and the public statistics of supervision.

- ``/supervision/statistics`` (page), ``.csv``, ``.xlsx``
- ``/supervision/evaluations``, one report, its PDF, and the records behind each figure

Article: QD-21, HBP-17, HB-26.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, make_response

from ckanext.govdata.logic.errors import reader_language
from ckanext.govdata.portal import days
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, SUPERVISOR
from ckanext.govdata.release.roles import roles_of
from ckanext.govdata.supervision.evaluation import report
from ckanext.govdata.supervision.evaluation.indicators import SETS, load
from ckanext.govdata.supervision.evaluation.lifecycle import EVALUATION
from ckanext.govdata.supervision.statistics import period, present
from ckanext.govdata.tables.handout import FORMATS, handed_out
from ckanext.govdata.views import release_words
from ckanext.govdata.views.form_guard import call, protect

evaluations = protect(
    Blueprint("govdata_evaluations", __name__, url_prefix="/supervision/evaluations"), account=False
)
supervision_statistics = Blueprint("govdata_supervision_statistics", __name__, url_prefix="/supervision")

Answer = Response | str
FORMS: Final = ",".join(FORMATS)
OFFICE: Final = "政务信息管理部门"


@supervision_statistics.get("/statistics")
def statistics() -> Answer:
    """Authorisations, calls, downloads and availability of a period."""
    found = _statistics()
    shown = {"found": found, "periods": period.offered(days.today()), "language": reader_language()}
    return tk.render("supervision/statistics.html", shown)


@supervision_statistics.get(f"/statistics.<any({FORMS}):form>")
def statistics_file(form: str) -> Answer:
    """The same as a table."""
    found = _statistics()
    head = [
        tk._("Department"),
        tk._("Received"),
        tk._("Decided"),
        tk._("In time"),
        tk._("Late"),
        tk._("Approved"),
        tk._("Refused"),
        tk._("Not accepted"),
        tk._("Calls answered"),
        tk._("Calls refused"),
        tk._("Downloads"),
        tk._("Probes"),
        tk._("Probes that failed"),
        tk._("Working days to a decision (median)"),
        tk._("Availability"),
    ]
    rows = present.table(found, head, reader_language(), tk._("All departments"))
    return handed_out(rows, name=f"statistics-{found['period']}", form=form, sheet="statistics")


def _statistics() -> Any:
    try:
        return call(
            "govdata_supervision_statistics", {"period": tk.request.args.get("period", "").strip()[:10]}
        )
    except tk.ValidationError as error:
        return tk.abort(400, str(error.error_dict.get("message") or tk._("The question is wrong.")))


@evaluations.get("")
def index() -> Answer:
    """Published results, and what the visitor has in hand."""
    return _index([])


def _index(errors: list[str]) -> Answer:
    asked = {name: tk.request.args.get(name, "").strip()[:40] for name in ("year", "set")}
    try:
        listed = call("govdata_evaluation_list", asked)
    except tk.ValidationError as error:
        return tk.abort(400, str(error.error_dict.get("message") or tk._("The question is wrong.")))
    shown = {
        **_words(), "asked": asked, "listed": listed, "errors": errors, "sets": [load(name) for name in SETS],
        "opens": bool(roles_of(tk.current_user.name, None) & {ADMINISTRATOR, SUPERVISOR}),
        "years": range(days.today().year, days.today().year - 6, -1),
    }  # fmt: skip
    return make_response(tk.render("supervision/evaluations.html", shown), 422 if errors else 200)


@evaluations.post("")
def begin() -> Answer:
    """Draft the reports of a year."""
    said = {name: tk.request.form.get(name, "").strip()[:40] for name in ("year", "set")}
    try:
        made = call("govdata_evaluation_open", said)["opened"]
    except tk.ValidationError as error:
        return _index(release_words.sentences(error))
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    tk.h.flash_success(tk._("{n} reports were drafted.").format(n=made))
    return tk.h.redirect_to("govdata_evaluations.index", **said)


@evaluations.get("/<uuid:number>")
def read(number: Any) -> Answer:
    """One report."""
    return _page(str(number), [])


def _page(number: str, errors: list[str]) -> Answer:
    shown = {**_words(), "case": _show(number), "errors": errors, "posted": tk.request.form if errors else {}}
    return make_response(tk.render("supervision/evaluation.html", shown), 422 if errors else 200)


@evaluations.get("/<uuid:number>.pdf")
def paper(number: Any) -> Answer:
    """The report on paper (A4)."""
    found = _show(str(number))
    answer = Response(report.pdf(found, OFFICE), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f"attachment; filename=evaluation-{found['year']}.pdf"
    return answer


@evaluations.get("/<uuid:number>/records/<indicator>")
def records(number: Any, indicator: str) -> Answer:
    """The records behind one figure."""
    asked = {name: tk.request.args.get(name, "").strip()[:10] for name in ("good", "page")}
    shown = {
        **_words(), "case": _show(str(number)), "asked": asked,
        "listed": _records(str(number), indicator, **asked), "indicator": indicator,
    }  # fmt: skip
    return tk.render("supervision/evaluation_records.html", shown)


@evaluations.get(f"/<uuid:number>/records/<indicator>.<any({FORMS}):form>")
def records_file(number: Any, indicator: str, form: str) -> Answer:
    """All of them, as a table."""
    found = _records(str(number), indicator, good=tk.request.args.get("good", "").strip()[:10], all=True)
    return handed_out(_lines(found), name=f"records-{indicator}", form=form, sheet="records")


def _lines(found: dict[str, Any]) -> Iterator[list[str]]:
    yield [tk._("Day"), tk._("Record"), tk._("Number"), tk._("Counted"), tk._("Of these good"), tk._("Value")]
    for row in found["results"]:
        value = row["value"]
        yield [
            row["at"] or "", row["label"], row["key"], str(row["count"]), str(row["good"]),
            "" if value is None else str(value),
        ]  # fmt: skip


@evaluations.post("/<uuid:number>/<any({}):name>".format(",".join(EVALUATION.actions)))
def step(number: Any, name: str) -> Answer:
    """One step of the table."""
    form = tk.request.form
    said = {
        "reason": form.get("reason", "").strip(),
        "comments": {key[8:]: value for key, value in form.items() if key.startswith("comment_")},
        "by_hand": {key[5:]: value for key, value in form.items() if key.startswith("hand_")},
    }
    try:
        call("govdata_evaluation_step", {"id": str(number), "step": name, **said})
    except tk.ValidationError as error:
        return _page(str(number), release_words.sentences(error))
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    tk.h.flash_success(tk._("Recorded."))
    return tk.h.redirect_to("govdata_evaluations.read", number=str(number))


def _show(number: str) -> Any:
    try:
        return call("govdata_evaluation_show", {"id": number})
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))


def _records(number: str, indicator: str, **asked: Any) -> Any:
    try:
        return call("govdata_evaluation_records", {"id": number, "indicator": indicator, **asked})
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))


def _words() -> dict[str, Any]:
    return {"language": reader_language(), "words": release_words}
