"""From "I want this data" to the submitted application: the wizard with its draft."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit as tk
from flask import Blueprint, Response

from ckanext.govdata.licensing_pages import entries, papers, wizard
from ckanext.govdata.licensing_pages.interface import Answer, Interface, Refused, interface
from ckanext.govdata.licensing_pages.render import page, room
from ckanext.govdata.licensing_pages.visitor import Visitor, visitor
from licensing.applications.kinds import KINDS, MODES, SENSITIVITIES, Kind
from licensing.applications.lifecycle import DRAFT

licensing_apply = room(Blueprint("govdata_licensing_apply", __name__), account=True)
_OPEN_DRAFTS = 20
_UNPROCESSABLE = 422


@licensing_apply.get("/licensing/apply")
def begin() -> Response:
    """What is asked for, in whose name, as which kind; or into which draft it goes."""
    return _begin(tk.request.args.getlist("dataset"))


def _begin(
    wanted: list[str], refused: Refused | None = None, faults: dict[str, str] | None = None
) -> Response:
    api = interface()
    who = visitor(api)
    chosen = [found for found in (entries.visible(each) for each in wanted) if found is not None]
    words = tk.request.args.get("q", "").strip()
    providers = {each.provider for each in chosen}
    drafts = _drafts(api, providers) if chosen else []
    return page(
        "licensing/apply_begin.html",
        refused=refused,
        faults=faults or {},
        status=_UNPROCESSABLE if faults else 200,
        chosen=chosen,
        several=len(providers) > 1,
        who=who,
        choices=_choices(who, chosen),
        drafts=drafts,
        kinds=KINDS,
        query=words,
        found=entries.search(words, next(iter(providers), None)) if words else [],
        posted=tk.request.form,
    )


def _choices(who: Visitor, chosen: list[entries.Entry]) -> list[tuple[Any, list[Kind]]]:
    """Each applicant of the visitor with the kinds by which it can have these data."""
    return [
        (each, [kind for kind in KINDS.values() if each.kind in kind.applicants and _fits(kind, chosen)])
        for each in who.applicants()
    ]


def _fits(kind: Kind, chosen: list[entries.Entry]) -> bool:
    return all(getattr(each, kind.by) in kind.types for each in chosen)


def _drafts(api: Interface, providers: set[str]) -> list[dict[str, Any]]:
    """The visitor's drafts for data of the same provider, into which another dataset may go."""
    found = api.get("/cases", view="applied", status=DRAFT, limit=_OPEN_DRAFTS).document["items"]
    shown = []
    for row in found:
        held = entries.of_case(row["datasets"])
        if row["kind"] in KINDS and {each.provider for each in held.values()} == providers:
            shown.append({**row, "titles": [each.title for each in held.values()]})
    return shown


@licensing_apply.post("/licensing/apply")
def create() -> Response:
    """Make the draft, or put the data into one that is there."""
    form = tk.request.form
    wanted = form.getlist("dataset")
    chosen = [found for found in (entries.visible(each) for each in wanted) if found is not None]
    if not chosen:
        return _begin([], faults={"dataset": tk._("Choose at least one dataset.")})
    items = [{"dataset": each.id, "fields": [column.name for column in each.columns]} for each in chosen]
    api = interface()
    try:
        if form.get("draft"):
            case = api.get(f"/cases/{form['draft']}")
            held = wizard.content(case.document)
            known = {item["dataset"] for item in held["items"]}
            held["items"] += [item for item in items if item["dataset"] not in known]
            made = api.post(f"/cases/{form['draft']}/save", {"draft": held}, version=case.version)
        else:
            kind, _, rest = form.get("as", "").partition("|")
            applicant_kind, _, applicant = rest.partition(":")
            if not applicant:
                return _begin(wanted, faults={"as": tk._("Choose in whose name and how you apply.")})
            made = api.post(
                "/cases",
                {
                    "kind": kind,
                    "applicant_kind": applicant_kind,
                    "applicant_id": applicant,
                    "draft": {"items": items},
                },
            )
    except Refused as refused:
        return _begin(wanted, refused)
    return tk.redirect_to("govdata_licensing_apply.step", case_id=made.document["id"], name=wizard.DATA)


def _draft(api: Interface, case_id: str) -> Answer:
    """The case, which is a draft of the visitor; else on to the case's own page."""
    found = api.get(f"/cases/{case_id}")
    if found.document["status"] != DRAFT or found.document["kind"] not in KINDS:
        raise NoDraft
    return found


class NoDraft(Exception):
    """The case was submitted already, or is of a kind that has no wizard."""


def _case_page(case_id: str) -> Any:
    return tk.redirect_to("govdata_licensing_cases.read", case_id=case_id)


@licensing_apply.get("/licensing/apply/<case_id>/<any(data,purpose,system,statement,attachments,check):name>")
def step(case_id: str, name: str) -> Any:
    """One step of the wizard."""
    try:
        return _step(case_id, name, _draft(interface(), case_id))
    except NoDraft:
        return _case_page(case_id)


def _step(
    case_id: str,
    name: str,
    found: Answer,
    *,
    refused: Refused | None = None,
    faults: dict[str, str] | None = None,
    draft: dict[str, Any] | None = None,
) -> Response:
    case = found.document
    if name not in wizard.steps(case["kind"]):
        name = wizard.CHECK
    at = {member: wizard.step_of(case["kind"], member) for member in (refused.faults if refused else ())}
    words = tk.request.args.get("q", "").strip()
    held = entries.of_case(item["dataset"] for item in case["items"])
    provider = next((each.provider for each in held.values()), None)
    return page(
        "licensing/apply_step.html",
        refused=refused,
        faults=faults or {},
        status=_UNPROCESSABLE if faults else 200,
        case=case,
        case_id=case_id,
        version=found.version,
        draft=draft or wizard.shown(case),
        step=name,
        steps=wizard.steps(case["kind"]),
        places=at,
        kind=KINDS[case["kind"]],
        entries=held,
        modes=MODES,
        sensitivities=SENSITIVITIES,
        sensitivity=entries.sensitivity,
        query=words,
        found=entries.search(words, provider) if words and name == wizard.DATA else [],
        papers=papers.of_case(interface(), case_id),
        **papers.shown(),
    )


@licensing_apply.post("/licensing/apply/<case_id>/<any(data,purpose,system,statement):name>")
def save(case_id: str, name: str) -> Any:
    """Keep what the step's form says, and go where its button leads: on, back, or away."""
    api, form = interface(), tk.request.form
    try:
        case = _draft(api, case_id)
        now = wizard.merged(case.document, (name,), form)
        if form.get("add"):
            added = entries.visible(form["add"])
            if added is not None and added.id not in {item["dataset"] for item in now["items"]}:
                fields = [column.name for column in added.columns]
                now["items"].append({"dataset": added.id, "fields": fields})
    except NoDraft:
        return _case_page(case_id)
    try:
        saved = api.post(f"/cases/{case_id}/save", {"draft": now}, version=form.get("version"))
    except Refused as refused:
        shown = {**wizard.shown({**case.document, **now})}
        return _step(case_id, name, case, refused=refused, draft=shown)
    going = form.get("go", "next")
    if form.get("remove") or form.get("add"):
        going = "stay"
    if going == "next":
        lacking = wizard.lacking(saved.document["kind"], name, saved.document, form)
        if lacking:
            return _step(case_id, name, saved, faults=lacking)
    return _onward(case_id, saved.document["kind"], name, going)


def _onward(case_id: str, kind: str, name: str, going: str) -> Any:
    """Where a button of the step ``name`` leads: stay, later, back or next."""
    if going == "later":
        tk.h.flash_success(tk._("Saved. The draft waits here for you."))
        return tk.redirect_to("govdata_licensing_cases.inbox", tab="mine")
    order = wizard.steps(kind)
    at = order.index(name) if name in order else 0
    to = {"stay": at, "back": max(0, at - 1)}.get(going, at + 1)
    return tk.redirect_to("govdata_licensing_apply.step", case_id=case_id, name=order[to])


@licensing_apply.post("/licensing/apply/<case_id>/attachments")
def attach(case_id: str) -> Any:
    """Keep the files of the form, and go where its button leads; with a file that is not taken, stay."""
    api, form = interface(), tk.request.form
    try:
        found = _draft(api, case_id)
    except NoDraft:
        return _case_page(case_id)
    faults = papers.send(api, case_id)
    if faults:
        return _step(case_id, wizard.ATTACHMENTS, found, faults=faults)
    return _onward(case_id, found.document["kind"], wizard.ATTACHMENTS, form.get("go", "next"))


@licensing_apply.post("/licensing/apply/<case_id>/check")
def submit(case_id: str) -> Any:
    """Hand the application in, or take the data where they can be taken directly."""
    api, form = interface(), tk.request.form
    word = "take" if form.get("go") == "take" else "submit"
    try:
        found = _draft(api, case_id)
    except NoDraft:
        return _case_page(case_id)
    try:
        api.post(f"/cases/{case_id}/{word}", version=form.get("version"))
    except Refused as refused:
        return _step(case_id, wizard.CHECK, found, refused=refused)
    tk.h.flash_success(
        tk._("Submitted. Below is who has it now and until when.")
        if word == "submit"
        else tk._("Taken. Need and purpose are on record.")
    )
    return _case_page(case_id)
