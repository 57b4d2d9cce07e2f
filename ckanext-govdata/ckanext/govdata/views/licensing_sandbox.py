"""``/api/data/v1/sandbox/<dataset>/records``: the data interface with synthetic rows, for a sandbox key.

Answers have the members of ``/api/data/v1``; ``synthetic`` says that they are made up. Whoever has logged in
gets a key at once, for entries that are had on conditions.
"""

from __future__ import annotations

from typing import Any, Final

from ckan.config.middleware.flask_app import csrf
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response

from ckanext.govdata.cases import limits
from ckanext.govdata.door import answers, presented
from ckanext.govdata.licensing_pages.render import page, room
from ckanext.govdata.logic.errors import reader_language
from ckanext.govdata.sandbox import key, synthetic
from ckanext.govdata.views.door import DoorResponse
from licensing.core.errors import InvalidInput, LicensingError, NotFound
from licensing.http.errors import Unauthenticated

sandbox = Blueprint("govdata_sandbox", __name__, url_prefix="/api/data/v1/sandbox")
keys = room(Blueprint("govdata_sandbox_keys", __name__, url_prefix="/licensing/sandbox"), account=True)
# A key is no cookie: a form of another site cannot send it.
csrf.exempt(sandbox)

MOST: Final = 1000
_BEARER: Final = "Bearer "
_LONGEST: Final = 400


def _entry(name: str) -> dict[str, Any]:
    """The entry, which may be one that is not open: its dictionary is public with it."""
    try:
        found: dict[str, Any] = tk.get_action("package_show")({"user": ""}, {"id": name})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        raise NotFound("目录中没有该数据。", "The catalogue has no such dataset.") from None
    if not found.get("information_items"):
        raise NotFound("该数据没有数据字典。", "This dataset has no data dictionary.")
    return found


@sandbox.get("/<dataset>/records")
def records(dataset: str) -> Response:
    """A page of synthetic rows: ``limit`` (100, at most 1,000), ``offset``, ``field`` (repeated)."""
    try:
        body = _records(dataset)
    except LicensingError as error:
        chinese = str(tk.request.accept_languages.best_match(["zh", "en"], "zh")) == "zh"
        told = DoorResponse(answers.problem(error, chinese), error.status, content_type=answers.PROBLEM)
    else:
        told = DoorResponse(body, content_type="application/json")
    told.headers["X-Content-Type-Options"] = "nosniff"
    return told


def _records(dataset: str) -> bytes:
    entry = _entry(dataset[:_LONGEST])
    given = presented.token_of(tk.request)
    if not given.startswith(_BEARER) or not key.holds(given.removeprefix(_BEARER).strip(), entry["id"]):
        raise Unauthenticated(
            "请提供该数据的沙箱密钥（Authorization: Bearer sb_…），有效期三十天。",
            "Give this dataset's sandbox key (Authorization: Bearer sb_…), good for thirty days.",
        )
    args = tk.request.args
    limit, offset = _whole(args.get("limit", "100"), MOST), _whole(args.get("offset", "0"), synthetic.ROWS)
    items = entry["information_items"]
    wanted = args.getlist("field") or [item["name"] for item in items]
    unknown = set(wanted) - {item["name"] for item in items}
    if unknown:
        raise InvalidInput("数据字典中没有所选的数据项。", "The dictionary has no such field.")
    chosen = [item for name in dict.fromkeys(wanted) for item in items if item["name"] == name]
    rows = synthetic.rows(entry["id"], chosen, offset, limit)
    names = [item["name"] for item in chosen]
    more = offset + len(rows)
    return answers.rows(
        names, [[row[name] for name in names] for row in rows], dataset=entry["name"], synthetic=True,
        total=synthetic.ROWS, next=str(more) if more < synthetic.ROWS and rows else None,
    )  # fmt: skip


def _whole(text: str, most: int) -> int:
    if not text.isdecimal() or len(text) > 9 or int(text) > most:
        raise InvalidInput(
            "limit 和 offset 须为整数，不超过 {most}。", "limit and offset are whole numbers, at most {most}.",  # noqa: E501
            most=most,
        )  # fmt: skip
    return int(text)


@keys.get("/<dataset>")
def show(dataset: str) -> Any:
    """What the sandbox of an entry is, with its first rows."""
    return _page(dataset, key_too=False)


@keys.post("/<dataset>")
def make(dataset: str) -> Any:
    """A key at once; it is shown on this answer, and another one costs nothing."""
    return _page(dataset, key_too=True)


def _page(dataset: str, *, key_too: bool) -> Any:
    try:
        if key_too:
            limits.count("sandbox", tk.current_user.id)
        entry = _entry(dataset[:_LONGEST])
    except LicensingError as error:
        return tk.abort(error.status, error.message(reader_language()))
    return page(
        "licensing/sandbox.html", entry=entry, days=key.DAYS,
        key=key.make(tk.current_user.id, entry["id"]) if key_too else "",
        address=f"{tk.config['ckan.site_url']}/api/data/v1/sandbox/{entry['name']}/records",
        sample=synthetic.rows(entry["id"], entry["information_items"], 0, 5),
    )  # fmt: skip
