"""The inbox, and one page for a case whoever looks at it: what it is, how it stands, what one can do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckan.plugins import toolkit as tk
from flask import Blueprint, Response

from ckanext.govdata.licensing_pages import (
    agreed,
    case_steps,
    case_words,
    entries,
    holding,
    inbox,
    papers,
    wizard,
)
from ckanext.govdata.licensing_pages.interface import Answer, Refused, interface
from ckanext.govdata.licensing_pages.render import NOT_FOUND, page, room
from ckanext.govdata.licensing_pages.visitor import visitor
from ckanext.govdata.tables.handout import handed_out
from licensing.applications.decisions import LEVELS
from licensing.applications.kinds import KINDS, MODES, SENSITIVITIES
from licensing.applications.lifecycle import STATE_NAMES, SUPPLEMENTING
from licensing.applications.provision import VIOLATIONS
from licensing.applications.steps import PEER

licensing_cases = room(Blueprint("govdata_licensing_cases", __name__), account=True)
_UNPROCESSABLE = 422


@licensing_cases.get("/licensing/inbox", endpoint="inbox")
def the_inbox() -> Any:
    """What waits for the visitor, what they asked for, what came to their department."""
    api, asked = interface(), tk.request.args
    who = visitor(api)
    tabs = inbox.tabs(who)
    tab = asked.get("tab", tabs[0])
    tab = tab if tab in tabs else tabs[0]
    kind, status = asked.get("kind", ""), asked.get("status", "")
    shown = inbox.listing(api, who, tab, kind, status, asked.get("after", ""))
    waits = len(inbox.waiting(api, who)) if tab != inbox.WAITING else len(shown.rows)
    asks = len(inbox.consents(api, who))
    return page(
        "licensing/inbox.html",
        who=who, tabs=tabs, tab=tab, listing=shown, counts={inbox.WAITING: waits, inbox.CONSENTS: asks},
        kind=kind, state=status, kinds=case_words.KIND_NAMES, states=STATE_NAMES, look=case_words.state_look,
        kind_name=case_words.kind_name,
    )  # fmt: skip


@licensing_cases.get("/licensing/inbox.<any(csv,xlsx):form>")
def export(form: str) -> Any:
    """A tab of the inbox as a table."""
    api, asked = interface(), tk.request.args
    who = visitor(api)
    tab = asked.get("tab", "")
    if tab not in inbox.tabs(who) or tab == inbox.CONSENTS:
        return tk.abort(404)
    rows = [
        case_words.line(row)
        for row in inbox.everything(api, who, tab, asked.get("kind", ""), asked.get("status", ""))
    ]
    return handed_out(
        [case_words.head(), *rows], name=f"cases-{holding.today().isoformat()}", form=form, sheet="cases"
    )


@licensing_cases.get("/licensing/cases/<case_id>")
def read(case_id: str) -> Any:
    """One case."""
    return _page(interface().get(f"/cases/{case_id}"))


def _page(
    found: Answer, refused: Refused | None = None, action: str = "", faults: dict[str, str] | None = None
) -> Response:
    case = found.document
    steps, other = case_steps.STEPS[case["kind"]], _other_side(case["id"])
    offered = [(each, steps[each["action"]]) for each in case["actions"] if each["action"] in steps]
    # Nothing is provided before the review has passed: so it stands first.
    review = "" if case_words.is_reviewed(case) else "review_confidentiality"
    offered.sort(key=lambda pair: (pair[0]["action"] != review, not pair[1].main, pair[1].danger))
    return page(
        "licensing/case.html",
        refused=refused, faults=faults or {}, status=_UNPROCESSABLE if faults else 200,
        case=case, version=found.version, entries=entries.of_case(i["dataset"] for i in case["items"]),
        actors={**entries.actors([event["actor"] for event in case["events"]]), **_platform(other)},
        sentence=holding.sentence_elsewhere(case, other) or holding.sentence(case),
        time_left=holding.time_left, kind_name=case_words.kind_name(case),
        track=case_words.timeline(case), steps=offered, tried=action,
        posted=tk.request.form if action else {},
        confirmation=case_steps.confirmation(case), asks_confirmation=case_steps.asks_confirmation,
        bases=case_steps.bases(), levels=LEVELS, modes=MODES, sensitivities=SENSITIVITIES,
        violations=VIOLATIONS, sensitivity=entries.sensitivity, record_words=case_words.record,
        changes=case_words.changes, look=case_words.state_look,
        event_label=case_words.event_label(case), told=case_words.told(case["events"]),
        system=wizard.shown(case), may_dispute=_may_dispute(case, other),
        agreed=agreed.of_case(interface(), case),
        papers=papers.of_case(interface(), case["id"]), **papers.shown(), other=other,
    )  # fmt: skip


def _other_side(case_id: str) -> Any:
    """The other platform's side of a case; None for one that is ours alone."""
    try:
        return interface().get(f"/cases/{case_id}/other-side").document
    except Refused as refused:
        if refused.status != NOT_FOUND:
            raise
        return None


def _platform(other: Mapping[str, Any] | None) -> dict[str, str]:
    """The other platform's name by the id under which it takes steps here."""
    return {f"{PEER}{other['peer']}": other["peer_name"]} if other is not None else {}


def _may_dispute(case: Mapping[str, Any], other: Mapping[str, Any] | None) -> bool:
    """Whether to offer a dispute on secrecy: the interface asks again who may."""
    if other is not None and other["asking"]:
        return False
    return case["kind"] in KINDS and case["status"] in ("accepted", "preparing", "negotiating")


@licensing_cases.post("/licensing/cases/<case_id>/<action>")
def take(case_id: str, action: str) -> Any:
    """Take one step of the case's table and come back to it."""
    api, form = interface(), tk.request.form
    found = api.get(f"/cases/{case_id}")
    step = case_steps.STEPS[found.document["kind"]].get(action)
    if step is None or step.page:
        return tk.abort(404)
    if not case_steps.confirmed(step, form, found.document):
        wrong = tk._("Type the last six characters of the number: {word}").format(
            word=case_steps.confirmation(found.document)
        )
        return _page(found, action=action, faults={"confirm": wrong})
    try:
        body = case_steps.document(step, form, found.document)
        api.post(f"/cases/{case_id}/{step.word}", body, version=form.get("version"))
    except Refused as refused:
        return _page(found, refused, action)
    tk.h.flash_success(tk._("Done and on record."))
    return tk.redirect_to("govdata_licensing_cases.read", case_id=case_id)


@licensing_cases.post("/licensing/cases/<case_id>/secrecy-dispute")
def dispute(case_id: str) -> Any:
    """Dispute whether the data are a secret (JS-19)."""
    api, form = interface(), tk.request.form
    found = api.get(f"/cases/{case_id}")
    try:
        made = api.post(
            f"/cases/{case_id}/secrecy-disputes",
            {"matter": form.get("matter", ""), "grounds": form.get("grounds", "").strip()},
        )
    except Refused as refused:
        return _page(found, refused, "dispute")
    return tk.redirect_to("govdata_licensing_cases.read", case_id=made.document["id"])


@licensing_cases.get("/licensing/cases/<case_id>/supplement")
def supplement(case_id: str) -> Any:
    """Everything that was stated, on one page, with what is to be mended on top."""
    found = interface().get(f"/cases/{case_id}")
    if found.document["status"] != SUPPLEMENTING:
        return tk.redirect_to("govdata_licensing_cases.read", case_id=case_id)
    return _supplement(found)


def _supplement(
    found: Answer,
    refused: Refused | None = None,
    draft: dict[str, Any] | None = None,
    faults: dict[str, str] | None = None,
) -> Response:
    case = found.document
    asked = [each for each in case["events"] if each["action"] == "ask_supplement"]
    return page(
        "licensing/supplement.html",
        refused=refused, case=case, version=found.version, draft=draft or wizard.shown(case),
        kind=KINDS[case["kind"]], entries=entries.of_case(i["dataset"] for i in case["items"]),
        asked=asked[-1]["reason"] if asked else "", modes=MODES, sensitivity=entries.sensitivity,
        posted=tk.request.form, faults=faults or {}, status=_UNPROCESSABLE if faults else 200,
        papers=papers.of_case(interface(), case["id"]), **papers.shown(),
    )  # fmt: skip


@licensing_cases.post("/licensing/cases/<case_id>/supplement")
def send_supplement(case_id: str) -> Any:
    """Hand in what was asked for."""
    api, form = interface(), tk.request.form
    found = api.get(f"/cases/{case_id}")
    if found.document["kind"] not in KINDS:
        return tk.abort(404)
    names = tuple(each for each in wizard.steps(found.document["kind"]) if each != wizard.CHECK)
    draft = wizard.merged(found.document, names, form)
    wrong = papers.send(api, case_id)
    if wrong:
        return _supplement(found, None, wizard.shown({**found.document, **draft}), wrong)
    try:
        api.post(
            f"/cases/{case_id}/supplement",
            {"draft": draft, "reason": form.get("reason", "").strip()},
            version=form.get("version"),
        )
    except Refused as refused:
        return _supplement(found, refused, wizard.shown({**found.document, **draft}))
    tk.h.flash_success(tk._("Handed in. The clock runs on."))
    return tk.redirect_to("govdata_licensing_cases.read", case_id=case_id)


@licensing_cases.post("/licensing/consents/<consent_id>/<any(give,deny,take_back):action>")
def consent(consent_id: str, action: str) -> Any:
    """Say whether data that the department shared may be passed on (JS-17, HB-14)."""
    form = tk.request.form
    reason = form.get("reason", "").strip()
    try:
        interface().post(
            f"/consents/{consent_id}/{action.replace('_', '-')}",
            None if action == "give" else {"reason": reason},
            version=form.get("version") or None,
        )
    except Refused as refused:
        tk.h.flash_error(refused.detail)
    else:
        tk.h.flash_success(tk._("Done and on record."))
    if form.get("case"):
        return tk.redirect_to("govdata_licensing_cases.read", case_id=form["case"])
    return tk.redirect_to("govdata_licensing_cases.inbox", tab=inbox.CONSENTS)
