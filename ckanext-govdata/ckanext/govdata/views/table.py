"""The table of an entry: a page that works without a script, and what scripts of the dataset page ask for.

- ``/dataset/<name>/table``: rows with filters and order, as a page
- ``/dataset/<name>/table.json``: the same for scripts
- ``/dataset/<name>/table.csv``, ``/dataset/<name>/rows.json``: all rows that fit
- ``/dataset/<name>/table/chart.json``, ``…/map.json``, ``…/columns.json``

Reads the DataStore only, by the reader's own rights; every question is bounded in time. What a table
answers never changes (a release has a table of its own), so the ETag is that of table and question.

Article: SX-15 (machine-readable and free).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from ckan.common import current_user
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, jsonify, make_response
from werkzeug.datastructures import MultiDict

from ckanext.govdata.portal import preview
from ckanext.govdata.tables import chart, export, places, question, rows, shape
from ckanext.govdata.tables.errors import BadQuestion, NoTable
from ckanext.govdata.views.download import content_disposition
from licensing.core.errors import LicensingError

table = Blueprint("govdata_table", __name__)

Answer = Callable[[shape.Shape, preview.Known], Any]


@table.get("/dataset/<name>/table")
def page(name: str) -> Response | str:
    """Rows as a page: a form and links, no script needed."""
    dataset = _dataset(name)
    arguments = tk.request.args
    try:
        found = shape.of_dataset(dataset, current_user.name)
    except NoTable as error:
        return tk.abort(404, error.message(tk.h.lang()))
    record = preview.known(found.resource_id)
    refusal, status = "", 200
    try:
        asked = question.parse(found, arguments)
        result = rows.page(found, asked, record.rows)
    except LicensingError as error:
        refusal, status = error.message(tk.h.lang()), error.status
        asked = question.Question()
        result = rows.Page([], None, None)
    body = tk.render(
        "package/table.html",
        {
            "pkg_dict": dataset,
            "dataset_type": dataset["type"],
            "shape": found,
            "question": asked,
            "result": result,
            "refusal": refusal,
            "total": record.rows,
            "lines": _lines(arguments),
        },
    )
    return make_response(body, status)


@table.get("/dataset/<name>/table.json")
def page_json(name: str) -> Response:
    """``{columns, rows, total, next}``; cells as text, null where empty, ``total`` null when not counted."""

    def answer(found: shape.Shape, record: preview.Known) -> Any:
        asked = question.parse(found, tk.request.args)
        result = rows.page(found, asked, record.rows)
        columns = [column.id for column in asked.shown or found.columns]
        return {"columns": columns, "rows": result.rows, "total": result.total, "next": result.next}

    return _answered(name, answer)


@table.get("/dataset/<name>/table.csv")
def rows_csv(name: str) -> Response:
    """Every row that fits, as CSV."""
    return _exported(name, "csv")


@table.get("/dataset/<name>/rows.json")
def rows_json(name: str) -> Response:
    """Every row that fits, as a list of records."""
    return _exported(name, "json")


@table.get("/dataset/<name>/table/chart.json")
def chart_json(name: str) -> Response:
    """``{labels, series: [{name, values}], more}`` over the rows that fit."""

    def answer(found: shape.Shape, _record: preview.Known) -> Any:
        wanted = chart.parse(found, tk.request.args)
        return asdict(chart.draw(found, wanted, _filter(found)))

    return _answered(name, answer)


@table.get("/dataset/<name>/table/map.json")
def map_json(name: str) -> Response:
    """Points or cells in ``box``, or tiles of divisions, over the rows that fit."""

    def answer(found: shape.Shape, record: preview.Known) -> Any:
        where = places.detect(found.columns, record.facts)
        if where is None:
            raise BadQuestion(
                "该数据表没有坐标或行政区划。", "This table has neither coordinates nor divisions."
            )
        if not where.points:
            tiles, more = places.tiles(found, where, _filter(found))
            return {"tiles": [asdict(tile) for tile in tiles], "more": more}
        given = tk.request.args.get("box")
        box = places.box_of(given) if given else places.extent(found, where)
        if box is None:
            return {"points": [], "cells": [], "inside": 0, "outside": record.rows or 0, "box": None}
        return {**asdict(places.points(found, where, _filter(found), box)), "box": box}

    return _answered(name, answer)


@table.get("/dataset/<name>/table/columns.json")
def columns_json(name: str) -> Response:
    """Figures of every column, counted at publication; an empty list until then."""

    def answer(_found: shape.Shape, record: preview.Known) -> Any:
        return asdict(record.facts) if record.facts else {"rows": record.rows, "columns": []}

    return _answered(name, answer, lasting=False)


def _filter(found: shape.Shape) -> question.Question:
    """The conditions alone: order and pages mean nothing to a figure."""
    given = tk.request.args
    conditions: MultiDict[str, str] = MultiDict()
    for key in ("c", "op", "v"):
        conditions.setlist(key, given.getlist(key))
    return question.parse(found, conditions)


def _dataset(name: str) -> dict[str, Any]:
    try:
        return dict(tk.get_action("package_show")({"user": current_user.name}, {"id": name}))
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("Dataset not found"))


def _answered(name: str, answer: Answer, *, lasting: bool = True) -> Response:
    try:
        found = shape.of_dataset(_shown(name), current_user.name)
        record = preview.known(found.resource_id)
        tag = _tag(found.resource_id) if lasting else ""
        if tag and tk.request.if_none_match.contains(tag):
            response = Response(status=304)
        else:
            response = jsonify(answer(found, record))
    except LicensingError as error:
        return _refused(error)
    if tag:
        response.set_etag(tag)
    _cached(response)
    return response


def _exported(name: str, form: export.Format) -> Response:
    try:
        dataset = _shown(name)
        found = shape.of_dataset(dataset, current_user.name)
        asked = question.parse(found, tk.request.args)
        body = export.export(found, asked, form)
    except LicensingError as error:
        return _refused(error)
    types = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
    response = Response(body, content_type=types[form])
    suffix = tk._("selection")
    response.headers["Content-Disposition"] = content_disposition(f"{dataset['title']}-{suffix}.{form}")
    _cached(response)
    return response


def _shown(name: str) -> dict[str, Any]:
    try:
        return dict(tk.get_action("package_show")({"user": current_user.name}, {"id": name}))
    except (tk.ObjectNotFound, tk.NotAuthorized):
        raise shape.no_table() from None


def _refused(error: LicensingError) -> Response:
    body = {"code": error.code, "message": {"zh": error.zh, "en": error.en}}
    response = jsonify({"success": False, "error": body})
    response.status_code = error.status
    response.headers["Cache-Control"] = "no-store"
    return response


def _tag(resource_id: str) -> str:
    asked = tk.request.full_path.encode()
    return hashlib.sha256(resource_id.encode() + b"\0" + asked).hexdigest()


def _cached(response: Response) -> None:
    visible = "private" if current_user.is_authenticated else "public"
    response.headers["Cache-Control"] = f"{visible}, no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"


def _lines(arguments: MultiDict[str, str]) -> list[tuple[str, str, str]]:
    """The conditions as typed, for the form; one empty line where there is none."""
    names, operators, texts = (arguments.getlist(key) for key in ("c", "op", "v"))
    width = min(len(names), question.MOST_CONDITIONS)
    found = [
        (
            names[at],
            operators[at] if at < len(operators) else "contains",
            texts[at] if at < len(texts) else "",
        )
        for at in range(width)
    ]
    return [line for line in found if line[0]] or [("", "contains", "")]
