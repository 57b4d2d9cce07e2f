"""The pages of requests for data: the public queue, one request, asking, the officers' desk.

Article: SX-14 (asking and being answered with reasons), JS-9, HB-26 (statistics of answers).
"""

from __future__ import annotations

import math
from datetime import datetime, timezone
from typing import Any

from ckan import model
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, jsonify, make_response

from ckanext.govdata.catalogue import codes
from ckanext.govdata.interchange import atom, gather
from ckanext.govdata.interchange.atom import Feed, Post
from ckanext.govdata.interchange.entry import fingerprint
from ckanext.govdata.portal import departments
from ckanext.govdata.requests import queue as queues
from ckanext.govdata.requests.lifecycle import DEMAND, PUBLIC, STATE_LABELS
from ckanext.govdata.views import release_words
from ckanext.govdata.views.documents import answer
from ckanext.govdata.views.form_guard import call, is_known, protect, to_login

demands = protect(Blueprint("govdata_demands", __name__), account=False)

PAGE = 20
ALIKE_LAST = 60
"""Seconds for which a browser may keep what is alike."""
FIELDS = ("title", "purpose", "organization", "team")
STEP_FIELDS = ("reason", "organization", "promised_for", "dataset", "basis", "duplicate_of")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
Answer = Response | str


@demands.get("/requests")
def index() -> Answer:
    """The public queue: what is asked most stands first."""
    return _list_page("public", {})


@demands.get("/requests/mine")
def mine() -> Answer:
    """What the visitor has asked, whatever became of it."""
    return _list_page("mine", {"mine": True, "order": "newest"}) if is_known() else to_login()


@demands.get("/requests/desk")
def desk() -> Answer:
    """What waits for an officer's step, oldest first."""
    if not is_known():
        return to_login()
    if not _is_officer():
        return tk.abort(403, tk._("The workbench is for officers of departments."))
    return _list_page("desk", {"queue": True, "order": "oldest"})


def _list_page(kind: str, fixed: dict[str, Any]) -> Answer:
    args = tk.request.args
    page = int(args["page"]) if args.get("page", "").isdecimal() and len(args["page"]) < 6 else 1
    page = max(page, 1)
    state = args.get("state", "") if args.get("state") in STATE_LABELS else ""
    order = args.get("order", "") if args.get("order") in queues.ORDERS else "votes"
    wanted = {"state": state, "order": order, "q": args.get("q", "").strip()[:60]}
    department = model.Group.get(args.get("organization", "")) if args.get("organization") else None
    if department is not None:
        wanted["organization"] = department.id
    found = call("govdata_demand_list", {**wanted, **fixed, "limit": PAGE, "offset": (page - 1) * PAGE})
    return tk.render(
        "requests/index.html",
        {
            "kind": kind,
            "demands": found["results"],
            "count": found["count"],
            "page": page,
            "pages": max(1, math.ceil(found["count"] / PAGE)),
            "state": state,
            "order": order,
            "q": wanted["q"],
            "department": department,
            "states": [(name, release_words.pick(queues.pair(label))) for name, label in STATE_LABELS.items()
                       if kind != "public" or name in PUBLIC],
            "words": release_words,
            "officer": _is_officer(),
        },
    )  # fmt: skip


def _is_officer() -> bool:
    from ckanext.govdata.release.roles import is_officer

    return is_known() and is_officer(tk.current_user.name)


@demands.get("/requests/alike")
def alike() -> Response:
    """Entries and requests like ``?q=``, as JSON, while somebody writes."""
    found = call("govdata_demand_alike", {"q": tk.request.args.get("q", "")[:200]})
    chinese = release_words.is_chinese()
    told = jsonify(
        entries=[
            {
                "label": one["title"],
                "note": one["department"],
                "url": tk.h.url_for("dataset.read", id=one["name"]),
            }
            for one in found["entries"]
        ],
        requests=[
            {
                "label": one["title"],
                "note": one["state_label"]["zh" if chinese else "en"],
                "url": tk.h.url_for("govdata_demands.read", number=one["number"]),
            }
            for one in found["requests"]
        ],
    )
    told.headers["Cache-Control"] = f"private, max-age={ALIKE_LAST}"
    return told


@demands.get("/requests/new")
def new() -> Answer:
    """The form; what is alike is shown beside it."""
    return _form({"title": tk.request.args.get("title", "")}, []) if is_known() else to_login()


@demands.post("/requests/new")
def create() -> Answer:
    """Ask. Somebody without scripts is shown what is alike before anything is sent."""
    if not is_known():
        return tk.abort(403, tk._("Please log in."))
    form = {name: tk.request.form.get(name, "").strip() for name in FIELDS}
    if not tk.request.form.get("looked"):
        found = call("govdata_demand_alike", {"q": form["title"][:200]})
        if found["entries"] or found["requests"]:
            return _form(form, [], found)
    try:
        made = call("govdata_demand_create", form)
    except tk.ValidationError as error:
        return _form(form, release_words.sentences(error))
    except (tk.NotAuthorized, tk.ObjectNotFound) as error:
        return _form(form, [str(error)])
    tk.h.flash_success(tk._("Sent. It becomes public once the administrator has looked at it."))
    return tk.h.redirect_to("govdata_demands.read", number=made["number"])


def _departments() -> list[departments.Department]:
    """Every department in its official order; CKAN's own list of them ends after some dozens."""
    return list(departments.flat(departments.tree()))


def _form(form: dict[str, str], errors: list[str], found: dict[str, Any] | None = None) -> Answer:
    page = tk.render(
        "requests/new.html",
        {
            "form": form,
            "errors": errors,
            "alike": found,
            "departments": _departments(),
            "teams": call("govdata_team_list", {}),
            "words": release_words,
        },
    )
    return make_response(page, 422 if errors else 200)


@demands.get("/requests/<int:number>")
def read(number: int) -> Answer:
    """One request."""
    return _page(_show(number), [])


def _show(number: int) -> dict[str, Any]:
    try:
        found: dict[str, Any] = call("govdata_demand_show", {"id": str(number)})
    except tk.ObjectNotFound:
        tk.abort(404, tk._("There is no such request."))
        raise AssertionError("abort raises") from None
    return found


def _page(demand: dict[str, Any], errors: list[str]) -> Answer:
    fields = {field for action in demand["actions"] for field in action["fields"]}
    page = tk.render(
        "requests/read.html",
        {
            "demand": demand,
            "errors": errors,
            "words": release_words,
            "bases": codes.code_list("refusal_basis"),
            "departments": _departments() if "organization" in fields else [],
            "posted": tk.request.form if errors else {},
        },
    )
    return make_response(page, 422 if errors else 200)


@demands.post("/requests/<int:number>/vote")
def vote(number: int) -> Answer:
    """Say that one wants the same, or take it back."""
    if not is_known():
        return tk.abort(403, tk._("Please log in."))
    try:
        call("govdata_demand_vote", {"id": str(number), "wanted": tk.request.form.get("wanted", "true")})
    except tk.ValidationError as error:
        return _page(_show(number), release_words.sentences(error))
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("There is no such request."))
    return tk.h.redirect_to("govdata_demands.read", number=number)


@demands.post("/requests/<int:number>/<any({}):name>".format(",".join(DEMAND.actions)))
def step(number: int, name: str) -> Answer:
    """Take one step of the table and come back to the request."""
    if not is_known():
        return tk.abort(403, tk._("Please log in."))
    form = {field: tk.request.form.get(field, "").strip() for field in STEP_FIELDS}
    try:
        call("govdata_demand_step", {"id": str(number), "step": name, **form})
    except tk.ValidationError as error:
        return _page(_show(number), release_words.sentences(error))
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("There is no such request."))
    tk.h.flash_success(tk._("Recorded."))
    return tk.h.redirect_to("govdata_demands.read", number=number)


@demands.get("/requests/statistics")
def statistics() -> Answer:
    """How requests are answered."""
    return tk.render(
        "requests/statistics.html",
        {
            "statistics": call("govdata_demand_statistics", {}),
            "labels": STATE_LABELS,
            "bases": codes.code_list("refusal_basis"),
            "words": release_words,
        },
    )


@demands.get("/requests/statistics.json")
def statistics_json() -> Response:
    """The same figures for programs."""
    return jsonify(call("govdata_demand_statistics", {}))


@demands.get("/feed/requests.atom")
def feed() -> Response:
    """The public queue, newest change first."""
    site = gather.site()
    rows = call("govdata_demand_list", {"order": "newest", "limit": atom.LENGTH})["results"]
    address = f"{site.url}/requests"
    posts = [
        Post(
            id=f"tag:govdata,2026:request:{row['id']}",
            title=f"{row['title']}（{row['state_label']['zh']}）",
            updated=datetime.fromisoformat(row["modified"]),
            published=datetime.fromisoformat(row["created"]),
            address=f"{address}/{row['number']}",
            summary=row["answer"] or row["purpose"],
            author=(row["organization"] or {}).get("title", ""),
            category=row["state"],
        )
        for row in rows
    ]
    made = Feed(
        title=f"数据需求 · {site.title}",
        address=address,
        page=f"{site.url}/feed/requests.atom",
        updated=max((post.updated for post in posts), default=_EPOCH),
        author=site.sponsor or site.title,
        posts=posts,
    )
    return answer(lambda: atom.document(made), atom.MEDIA_TYPE, fingerprint(made), made.updated)
