"""``/api/data/v1``: conditional data, for whoever shows a grant's token.

- ``GET /api/data/v1/<dataset>/records``: pages of rows, with fields, filters, order, count and cursor;
- ``GET /api/data/v1/<dataset>/download.<format>``: a file of all granted rows;
- ``POST /api/data/v1/sql``: one SELECT over granted data;
- ``GET /api/data/v1/openapi.json``: their description.

The token stands in ``Authorization: Bearer gd_…``, purpose and system (percent-encoded UTF-8) in
``Data-Purpose`` and ``Data-System``. Nothing here is kept by a cache, and there is no other address of these
data, presigned or public.

Article: SX-18 (an agreement before any access), HB-24 (use as agreed), HB-26 (calls on record).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any
from urllib.parse import quote, unquote

from ckan import model
from ckan.config.middleware.flask_app import csrf
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, jsonify

from ckanext.govdata.door import answers, carried, download, presented, question, records, settings, sql
from ckanext.govdata.door.admission import Admitted, Caller, admit, refuse
from ckanext.govdata.door.errors import BadQuestion, NotConfigured, refusal
from ckanext.govdata.door.handing import Answer, LessLeft, hand_out
from ckanext.govdata.door.register import Recorded
from ckanext.govdata.interchange.signing import SigningKeyInvalid
from ckanext.govdata.views.download import DownloadResponse, content_disposition
from licensing.core.errors import LicensingError

door = Blueprint("govdata_door", __name__, url_prefix="/api/data/v1")
# A grant's token is no cookie: a form of another site cannot send it.
csrf.exempt(door)

_BEARER = "Bearer "


class DoorResponse(DownloadResponse):
    """Never kept by anybody."""

    final_cache_control = "private, no-store"


def _answering(view: Callable[..., Response]) -> Callable[..., Response]:
    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Response:
        try:
            if not settings.configured():
                raise NotConfigured("本系统没有有条件数据的网关。", "There is no door to these data here.")
            if tk.request.method == "HEAD":
                # It would be an answer that is made and counted, and does not leave.
                return DoorResponse(status=405, headers={"Allow": "GET, OPTIONS"})
            return view(*args, **kwargs)
        except LicensingError as error:
            return _refusal(error)

    return answer


@door.route("/openapi.json", methods=["GET"])
def description() -> Response:
    """The description of this interface (OpenAPI 3.1); public, it names no data."""
    return jsonify(answers.description(str(tk.config["ckan.site_url"])))


@door.route("/<dataset>/records", methods=["GET"])
@_answering
def rows(dataset: str) -> Response:
    """A page of granted rows."""
    admitted = admit(_caller(), dataset)
    with admitted.answering():
        return _rows(admitted)


def _rows(admitted: Admitted) -> Response:
    asked = question.parse(tk.request.args, admitted.decision.grant_id)
    admitted.require(asked.named())
    left = admitted.decision.rows_left
    while True:
        page = records.page(admitted.window, asked, admitted.decision.grant_id, left)
        body = answers.rows(
            [each.field for each in page.columns], page.rows, **_about(admitted), total=page.total,
            next=page.next,
        )  # fmt: skip
        try:
            recorded = hand_out(Answer(admitted, len(page.rows), len(body)))
        except LessLeft as less:
            left = less.rows  # others were served meanwhile; each time it is fewer
            continue
        return _json(admitted, body, recorded)


@door.route("/<dataset>/download.<form>", methods=["GET"])
@_answering
def file(dataset: str, form: str) -> Response:
    """A file of all granted rows, in the formats of :data:`download.FORMATS`."""
    admitted = admit(_caller(), dataset)
    with admitted.answering():
        made = _made(admitted, form)
    headers = {
        **_headers(admitted),
        "Content-Disposition": content_disposition(made.filename),
        "Content-Length": str(made.size),
        "ETag": f'"{made.sha256}"',
        "Data-Download": made.id,
        "Data-Sha256": made.sha256,
        "Data-Content-Sha256": made.content,
    }
    answer = DoorResponse(
        _streamed(made), status=200, headers=headers, content_type=made.media_type, direct_passthrough=True
    )
    # Also when the reader goes away before the first byte.
    answer.call_on_close(made.spool.discard)
    return answer


def _made(admitted: Admitted, form: str) -> download.File:
    arguments = tk.request.args
    question.require_known(arguments, {"field", "bundle"})
    if form not in download.FORMATS:
        raise BadQuestion("没有这种格式。", "There is no such format.")
    fields = tuple(dict.fromkeys(each for each in arguments.getlist("field") if each))
    admitted.require(fields)
    try:
        return download.make(admitted, fields, form, bundle=arguments.get("bundle") in {"1", "true"})
    except SigningKeyInvalid as error:
        raise NotConfigured(error.zh, error.en) from None


@door.route("/sql", methods=["POST"])
@_answering
def select() -> Response:
    """The answer to one SELECT; each of the data it asks for is a call of its own."""
    caller = _caller()
    try:
        parsed = sql.read(_statement())
    except sql.Beyond as error:
        raise refuse(caller, "", error.reason) from None
    except BadQuestion:
        # Told as what it is to whoever may ask at all; on record either way.
        refused = refuse(caller, "", "question")
        if refused.reason != "question":
            raise refused from None
        raise
    admitted = {name: admit(caller, name) for name in parsed.tables}
    with next(iter(admitted.values())).answering():
        return _selected(parsed, admitted)


def _selected(parsed: sql.Parsed, admitted: dict[str, Admitted]) -> Response:
    through = {name: each.window for name, each in admitted.items()}
    first, *others = admitted.values()
    try:
        statement = sql.written(parsed, through)
    except sql.Beyond as error:
        raise refusal(error.reason) from None
    left = [each.decision.rows_left for each in admitted.values() if each.decision.rows_left is not None]
    # The rows count for each of the data.
    found = sql.answer(statement, through, min(left) // len(admitted) if left else None)
    marked = found.rows if parsed.ordered else records.marked(found.rows, first.decision.grant_id)
    body = answers.table(found.columns, marked, **_about(first), more=found.more)
    # Its bytes are counted once, with the first of the data.
    count = len(found.rows)
    try:
        recorded = hand_out(Answer(first, count, len(body)), *(Answer(each, count, 0) for each in others))
    except LessLeft:
        raise refusal("quota") from None
    return _json(first, body, recorded)


def _json(admitted: Admitted, body: bytes, recorded: Recorded) -> Response:
    presented.leaves_after(tk.request, recorded.keep)
    return DoorResponse(body, status=200, headers=_headers(admitted), content_type="application/json")


def _streamed(made: download.File) -> Iterator[bytes]:
    try:
        yield from made.spool.pieces()
    finally:
        made.spool.discard()


def _caller() -> Caller:
    request = tk.request
    given = presented.token_of(request)
    token = given.removeprefix(_BEARER).strip() if given.startswith(_BEARER) else ""
    return Caller(
        token,
        unquote(request.headers.get("Data-Purpose", "")),
        unquote(request.headers.get("Data-System", "")),
        str(request.remote_addr or ""),
    )


def _statement() -> str:
    read = tk.request.get_data()
    if len(read) > presented.LONGEST_BODY:
        raise BadQuestion("请求过长。", "The request is too long.")
    try:
        body = json.loads(read)
    except (ValueError, RecursionError):
        body = None
    text = body.get("sql") if isinstance(body, dict) else None
    if not isinstance(text, str):
        raise BadQuestion("请以 JSON 提交 sql。", 'Send JSON: {{"sql": "…"}}.')
    return text


def _about(admitted: Admitted) -> dict[str, Any]:
    return {
        "dataset": admitted.name,
        "release": admitted.number,
        "agreement": admitted.agreement,
        "licence": carried.LICENCE,
        "call": admitted.call,
    }


def _headers(admitted: Admitted) -> dict[str, str]:
    return {
        "Data-Agreement": quote(admitted.agreement),
        "Data-Call": admitted.call,
        "Data-Release": str(admitted.number),
        "Link": f'<{carried.LICENCE}>; rel="license"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }


def _refusal(error: LicensingError) -> Response:
    # A refusal may have met the database in the middle of something.
    model.Session.rollback()
    best = tk.request.accept_languages.best_match(["zh", "zh-CN", "en"], default="zh")
    body = answers.problem(error, str(best).startswith("zh"))
    headers = {"WWW-Authenticate": 'Bearer realm="govdata"'} if error.status == 401 else {}
    return DoorResponse(body, status=error.status, headers=headers, content_type=answers.PROBLEM)
