"""Statistics, themes, and the numbers that live.

- ``/statistics`` (page), ``/statistics.json``, ``/statistics.csv``
- ``/theme`` and ``/theme/<code>``
- ``/wanted``: what is downloaded most
- ``/dataset/<name>/use.json``: how often an entry was downloaded, by day
- ``/now.json``: the few numbers that change by the minute; pages fetch them by themselves and can be cached

Article: HB-26.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from ckan import model
from ckan.common import current_user
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, jsonify, make_response

from ckanext.govdata.catalogue.codes import CodeListError, code
from ckanext.govdata.portal import acceptance, days, figures, listed, statistics, sums, use_count
from ckanext.govdata.portal.sums import Sums
from ckanext.govdata.supervision.statistics import small

pages = Blueprint("govdata_statistics", __name__)

NOW_LASTS = 30
"""Seconds for which a browser may keep the numbers that live."""
LISTED = 8
MOST_LISTED = 50


@pages.get("/statistics")
def page() -> str:
    """Everything that is counted, as charts with their tables."""
    return tk.render("home/statistics.html", {"statistics": statistics.gather(tk.h.lang())})


@pages.get("/statistics.json")
def as_json() -> Response:
    """The same figures for programs; labels in the language of the address."""
    return jsonify(statistics.gather(tk.h.lang()).document())


@pages.get("/statistics.csv")
def as_csv() -> Response:
    """The same figures, one a line: table, key, figure, value."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow(("table", "key", "figure", "value"))
    writer.writerows(statistics.lines(statistics.gather(tk.h.lang())))
    answer = Response(b"\xef\xbb\xbf" + buffer.getvalue().encode(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="statistics.csv"'
    return answer


@pages.get("/now.json")
def now() -> Response:
    """``{calls_today, downloads_today}``; nothing in it depends on who asks."""
    today = days.last(1)
    downloads = sum(sum(day.values()) for day in use_count.downloads(today))
    answer = jsonify({"calls_today": use_count.calls(today)[0], "downloads_today": downloads})
    answer.headers["Cache-Control"] = f"public, max-age={NOW_LASTS}"
    return answer


@pages.get("/wanted")
def wanted() -> Response:
    """What was downloaded most in the last thirty days, of all or of ``?organization=`` (an id).

    With ``?part=1`` the list alone, which pages that can be kept fetch by themselves.
    """
    part = bool(tk.request.args.get("part"))
    entries = listed.most_wanted(
        LISTED if part else MOST_LISTED, organization=tk.request.args.get("organization") or None
    )
    template = "theme/snippets/listed.html" if part else "theme/wanted.html"
    answer = make_response(tk.render(template, {"entries": entries, "kind": "wanted"}))
    visible = "private" if current_user.is_authenticated else "public"
    answer.headers["Cache-Control"] = f"{visible}, max-age={NOW_LASTS}"
    return answer


@pages.get("/dataset/<name>/use.json")
def use(name: str) -> Response:
    """``{days, downloads}`` of the last thirty days, of all its files; null for one to four.

    ``accepted`` says how often which release was taken under which version of which licence, ever.
    """
    try:
        dataset = tk.get_action("package_show")({"user": current_user.name}, {"id": name})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("Dataset not found"))
    wanted = days.last(sums.RECENT_DAYS)
    counted = sums.of_entry(dataset["id"], use_count.downloads(wanted))
    accepted = acceptance.of_entry(model.Session, dataset["id"])
    answer = jsonify(
        {
            "days": [day.isoformat() for day in wanted],
            "downloads": [small.shown(number) for number in counted],
            "least": small.LEAST,
            "accepted": accepted,
        }
    )
    visible = "private" if current_user.is_authenticated else "public"
    answer.headers["Cache-Control"] = f"{visible}, max-age={NOW_LASTS}"
    return answer


@pages.get("/theme")
def themes() -> str:
    """Every theme that has entries."""
    found = figures.catalogue()
    return tk.render(
        "theme/index.html", {"tiles": figures.tiles(found, tk.h.lang()), "total": found["count"]}
    )


@pages.get("/theme/<name>")
def theme(name: str) -> str:
    """One theme: its numbers, its departments, its newest and most wanted entries."""
    try:
        chosen = code("theme", name)
    except CodeListError:
        return tk.abort(404, tk._("There is no such theme."))
    found = figures.catalogue(fq=f'theme:"{chosen.value}"', rows=LISTED)
    shown: dict[str, Any] = {
        "theme": chosen,
        "title": chosen.label(tk.h.lang()),
        "icon": figures.icon(chosen.value),
        "total": found["count"],
        "entries": found["results"],
        "open_types": figures.counts(found, "open_type"),
        "departments": figures.departments(found),
        "sums": sums.published("theme", chosen.value).get(chosen.value, Sums()),
        "wanted": listed.most_wanted(LISTED, theme=chosen.value),
    }
    return tk.render("theme/read.html", shown)
