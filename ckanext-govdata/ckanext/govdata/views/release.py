"""The pages of the release flow: workbench, upload, one release, the reviewers' queue.

A page asks the actions of ``logic/action`` and decides nothing itself: what a person may do is the
``actions`` list of ``govdata_release_show``, what blocks a submission is its ``blockers`` list. A step
is a form post that ends in a redirect back to the release, so that reloading a page repeats nothing.

Article: SX-8 (named persons compile, review, publish), SX-15 (what leaves is desensitised), QD-18
(confidentiality review before release), JS-17 and HB-14 (consent of the department of origin).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, cast

from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, jsonify, make_response

from ckanext.govdata.views import release_changes, release_plan, release_words
from ckanext.govdata.views.form_guard import call, needs_person, never_kept

release = Blueprint("govdata_release", __name__, url_prefix="/release")

PAGE_COLUMNS = 100
"""Columns of the plan on one page; what is not on the page keeps the plan it has."""
PAGE_DATASETS = 20
WORKING = frozenset({"scanning", "running", "publishing"})
"""States in which a worker is busy and the page watches it."""

Answer = Response | str


@dataclass(frozen=True, slots=True)
class Step:
    """A button: the action it calls, the form fields it sends, what the page says afterwards.

    ``confirm`` marks a step that cannot be taken back: the dataset's name has to be typed.
    """

    action: str
    done: Callable[[], str]
    fields: tuple[str, ...] = ()
    confirm: bool = False


STEPS: Mapping[str, Step] = {
    "scan": Step("govdata_release_scan", lambda: tk._("The scan has started.")),
    "run": Step("govdata_release_run", lambda: tk._("The run has started.")),
    "sign-off": Step(
        "govdata_release_sign_off",
        lambda: tk._("The confidentiality review is recorded."),
        ("conclusion", "opinion"),
    ),
    "submit": Step(
        "govdata_release_submit", lambda: tk._("Submitted. A reviewer of the department acts next.")
    ),
    "approve": Step(
        "govdata_release_approve", lambda: tk._("Approved. The release can be published now."), ("opinion",)
    ),
    "reject": Step(
        "govdata_release_reject", lambda: tk._("Returned to the compiler with your reason."), ("reason",)
    ),
    "publish": Step("govdata_release_publish", lambda: tk._("Publication has started.")),
    "withdraw": Step(
        "govdata_release_withdraw",
        lambda: tk._("Withdrawn. Every address of this release now answers 410."),
        ("reason",),
        confirm=True,
    ),
    "cancel": Step(
        "govdata_release_cancel",
        lambda: tk._("Cancelled. The staged raw file has been destroyed."),
        ("reason",),
    ),
}


release.before_request(needs_person)
release.after_request(never_kept)


def show(release_id: str) -> dict[str, Any]:
    """One release as this visitor may see it, or the page that says why not (403, 404)."""
    try:
        return cast("dict[str, Any]", call("govdata_release_show", {"id": release_id}))
    except tk.ObjectNotFound:
        tk.abort(404, tk._("There is no such release."))
    except tk.NotAuthorized:
        tk.abort(403, tk._("Only officers of the department that compiles this release may see it."))
    raise AssertionError("abort raises")


@release.get("")
@release.get("/", endpoint="index_slash")
def index() -> Answer:
    """The workbench: the releases of my departments, filtered by what has to happen next."""
    try:
        releases = call("govdata_release_list", {})
    except tk.NotAuthorized:
        return tk.abort(403, tk._("The workbench is for officers of departments."))
    chosen = tk.request.args.get("show", "open")
    query = tk.request.args.get("q", "").strip()
    groups = release_words.groups(releases)
    if chosen not in groups:
        chosen = "open"
    shown = [r for r in groups[chosen] if release_words.matches(r, query)]
    return tk.render(
        "release/index.html",
        {
            "releases": shown,
            "groups": groups,
            "chosen": chosen,
            "q": query,
            "words": release_words,
            "now": datetime.now(timezone.utc),
        },
    )


@release.get("/queue")
def queue() -> Answer:
    """What waits for a reviewer, longest wait first."""
    try:
        waiting = call("govdata_release_list", {"queue": True})
    except tk.NotAuthorized:
        return tk.abort(403, tk._("The queue is for reviewers."))
    now = datetime.now(timezone.utc)
    waiting = sorted(waiting, key=release_words.waiting_since)
    return tk.render("release/queue.html", {"releases": waiting, "words": release_words, "now": now})


@release.get("/new")
def new() -> Answer:
    """Choose the dataset, then the raw file."""
    return _new_page({}, [])


@release.post("/new")
def create() -> Answer:
    """Take the raw file from a plain form (no JavaScript); the page's script uploads in parts instead."""
    form = tk.request.form
    upload = tk.request.files.get("upload")
    data: dict[str, Any] = {"dataset_id": form.get("dataset_id", ""), **_origin(form)}
    if upload is None or not upload.filename:
        return _new_page(form, [tk._("Choose a file first.")])
    data["upload"] = upload
    try:
        created = call("govdata_release_create", data)
    except tk.ValidationError as error:
        return _new_page(form, release_words.sentences(error))
    except tk.NotAuthorized:
        return tk.abort(403, tk._("You do not compile for the department of this dataset."))
    except tk.ObjectNotFound:
        return _new_page(form, [tk._("There is no such dataset.")])
    return tk.h.redirect_to("govdata_release.read", release_id=created["id"])


def _origin(form: Mapping[str, str]) -> dict[str, str]:
    """The origin that every column starts with: collected by us, or taken from another department."""
    if form.get("origin") != "other":
        return {"origin": "own"}
    return {"origin": form.get("origin_organization", ""), "consent": form.get("consent", "").strip()}


def _new_page(form: Mapping[str, str], errors: list[str]) -> Answer:
    mine = tk.get_action("organization_list_for_user")(
        {"user": tk.current_user.name}, {"permission": "update_dataset"}
    )
    name = form.get("dataset_id") or tk.request.args.get("dataset", "")
    dataset = None
    if name:
        try:
            dataset = call("package_show", {"id": name})
        except (tk.ObjectNotFound, tk.NotAuthorized):
            errors = [*errors, tk._("There is no such dataset.")]
    query = tk.request.args.get("q", "").strip()
    found: dict[str, Any] = {"count": 0, "results": []}
    if dataset is None and mine:
        owners = " OR ".join(f'"{organization["id"]}"' for organization in mine)
        found = call(
            "package_search",
            {"q": query, "fq": f"owner_org:({owners})", "rows": PAGE_DATASETS, "include_private": True},
        )
    departments = call("organization_list", {"all_fields": True, "limit": 1000})
    page = tk.render(
        "release/new.html",
        {
            "dataset": dataset,
            "found": found,
            "q": query,
            "mine": mine,
            "departments": departments,
            "form": form,
            "errors": errors,
        },
    )
    return make_response(page, 422 if errors else 200)


@release.get("/<release_id>")
def read(release_id: str) -> Answer:
    """One release: where it stands, what to do, and everything known about it."""
    return _release_page(show(release_id), [])


def _release_page(data: dict[str, Any], errors: list[str], posted: Mapping[str, str] | None = None) -> Answer:
    page = _page_number()
    rows = release_plan.rows(data, posted or {})
    departments: list[dict[str, Any]] = []
    if rows:
        departments = call("organization_list", {"all_fields": True, "limit": 1000})
    html = tk.render(
        "release/read.html",
        {
            "release": data,
            "may": {a["action"]: a for a in data.get("actions") or []},
            "working": data["state"] in WORKING,
            "stepper": release_words.stepper(data),
            "rows": rows[(page - 1) * PAGE_COLUMNS : page * PAGE_COLUMNS],
            "row_count": len(rows),
            "page": page,
            "pages": max(1, -(-len(rows) // PAGE_COLUMNS)),
            "departments": departments,
            "operators": release_plan.operators(),
            "changes": _changes(data),
            "words": release_words,
            "errors": errors,
            "now": datetime.now(timezone.utc),
        },
    )
    return make_response(html, 422 if errors else 200)


def _page_number() -> int:
    asked = tk.request.args.get("page", "1")
    return int(asked) if asked.isdigit() and int(asked) > 0 else 1


def _changes(data: dict[str, Any]) -> list[release_changes.Change] | None:
    """What differs from the newest earlier release that went public; None when there is none."""
    if not data.get("plan"):
        return None
    earlier = [
        other
        for other in call("govdata_release_list", {"dataset_id": data["dataset_id"]})
        if other["state"] == "published" and other["id"] != data["id"] and other["number"] < data["number"]
    ]
    if not earlier:
        return None
    newest = max(earlier, key=lambda other: other["number"])
    return release_changes.changes(show(newest["id"]), data)


@release.get("/<release_id>/state")
def state(release_id: str) -> Answer:
    """What a page that watches a worker asks every second: state, sentence, progress, failure."""
    data = show(release_id)
    zh = release_words.is_chinese()
    lang = "zh" if zh else "en"
    return jsonify(
        state=data["state"],
        label=data["state_label"][lang],
        sentence=data["state_sentence"][lang],
        working=data["state"] in WORKING,
        progress=release_words.progress(data.get("progress")),
    )


@release.post("/<release_id>/plan")
def plan(release_id: str) -> Answer:
    """Settle operators, origins and consent; with ``then=run`` start the run in the same go."""
    data = show(release_id)
    form = tk.request.form
    try:
        settled = release_plan.parse(data, form)
    except release_plan.PlanRefused as error:
        return _release_page(data, error.sentences, form)
    try:
        call("govdata_release_plan", {"id": data["id"], **settled})
        if form.get("then") == "run":
            call("govdata_release_run", {"id": data["id"]})
            tk.h.flash_success(STEPS["run"].done())
        else:
            tk.h.flash_success(tk._("The plan is saved."))
    except tk.ValidationError as error:
        return _release_page(show(release_id), release_words.sentences(error), form)
    except tk.NotAuthorized:
        return tk.abort(403, tk._("You may not change this plan."))
    target: dict[str, Any] = {"release_id": data["id"]}
    if form.get("then") == "run" or _page_number() == 1:
        return tk.h.redirect_to("govdata_release.read", **target)
    return tk.h.redirect_to("govdata_release.read", page=_page_number(), **target)


@release.get("/<release_id>/preview")
def preview(release_id: str) -> Answer:
    """The chosen operator at work on invented values of the column's kind: never on the file itself."""
    show(release_id)
    args = tk.request.args
    try:
        pairs = release_plan.preview(
            args.get("operator", ""),
            release_plan.typed_params(args.get("operator", ""), args),
            args.get("entity", ""),
        )
    except release_plan.PlanRefused as error:
        return make_response(jsonify(error=error.sentences[0]), 422)
    return jsonify(pairs=pairs)


@release.get("/<release_id>/report.json")
def report_json(release_id: str) -> Answer:
    """The evidence report for machines: counts and names, never a value."""
    return _download(
        show(release_id), "json", "application/json", lambda r: json.dumps(r, ensure_ascii=False, indent=2)
    )


@release.get("/<release_id>/report.html")
def report_html(release_id: str) -> Answer:
    """The evidence report for the file: one page that can be printed and needs no server."""
    from anonymize.report_html import render as render_report

    def as_page(report: dict[str, Any]) -> str:
        return render_report(report, "zh" if release_words.is_chinese() else "en")

    return _download(show(release_id), "html", "text/html", as_page)


@release.get("/<release_id>/report.pdf")
def report_pdf(release_id: str) -> Answer:
    """The evidence report for the file, as a PDF: the same content as the page."""
    from anonymize.report_pdf import render_pdf

    def as_pdf(report: dict[str, Any]) -> bytes:
        return render_pdf(report, "zh" if release_words.is_chinese() else "en")

    return _download(show(release_id), "pdf", "application/pdf", as_pdf)


def _download(
    data: dict[str, Any], ending: str, kind: str, body: Callable[[dict[str, Any]], str | bytes]
) -> Answer:
    if not data.get("report"):
        return tk.abort(404, tk._("This release has no report yet."))
    answer = make_response(body(data["report"]))
    answer.headers["Content-Type"] = kind if kind == "application/pdf" else f"{kind}; charset=utf-8"
    name = f"release-{data['number']}-report.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@release.post(
    "/<release_id>/<any('scan','run','sign-off','submit','approve','reject','publish','withdraw','cancel'):name>"
)
def step(release_id: str, name: str) -> Answer:
    """Take one step of the lifecycle and come back to the release."""
    data = show(release_id)
    chosen, form = STEPS[name], tk.request.form
    if chosen.confirm and form.get("confirmation", "").strip() != data["dataset_name"]:
        return _release_page(
            data, [tk._("Nothing was done: type the name of the dataset exactly as shown to confirm.")]
        )
    payload = {"id": data["id"], **{field: form.get(field, "").strip() for field in chosen.fields}}
    try:
        call(chosen.action, payload)
    except tk.ValidationError as error:
        return _release_page(show(release_id), release_words.sentences(error))
    except tk.NotAuthorized as error:
        tk.h.flash_error(str(error) or tk._("You may not do this."), allow_html=False)
        return tk.h.redirect_to("govdata_release.read", release_id=data["id"])
    tk.h.flash_success(chosen.done())
    return tk.h.redirect_to("govdata_release.read", release_id=data["id"])
