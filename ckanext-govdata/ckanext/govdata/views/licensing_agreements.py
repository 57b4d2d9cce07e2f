"""Pages of agreements: drafted from a decided case, negotiated with the changes in sight, opened for signing.

Article: SX-18 (a written agreement comes before any access), JS-19 (confidentiality), HB-24.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any, Final

from ckan.plugins import toolkit as tk
from flask import Blueprint, Response

from ckanext.govdata.licensing_pages import acting, agreed, names, steps, succession, terms_form
from ckanext.govdata.licensing_pages.interface import Interface, Refused, interface
from ckanext.govdata.licensing_pages.render import page, room
from ckanext.govdata.licensing_ports.setup import setup
from licensing.agreements.lifecycle import STATE_NAMES
from licensing.agreements.terms import ALWAYS, DUTIES, ITEMS, MODES
from licensing.core.clock import china_day

agreements = room(Blueprint("govdata_agreements", __name__, url_prefix="/licensing/agreements"), account=True)

LINES: Final = 20
"""Agreements of one page of the list."""
WORDS: Final = (
    "offer", "agree", "recall", "cancel-signing", "abandon", "terminate", "ask-amendment", "ask-renewal",
    "give-notice",
)  # fmt: skip
"""Steps that need at most a reason."""
ASKED: Final = ("ask_amendment", "ask_renewal", "give_notice")
KINDS: Final = ("cooperation", "confidentiality")
Answer = Response | str


@agreements.get("")
def index() -> Answer:
    """The agreements of the account, newest first, and the decided cases that have none yet."""
    library, who = interface(), acting.principal()
    status = tk.request.args.get("status", "")
    wanted = status if status in STATE_NAMES else ""
    found = library.get(
        "/agreements", status=wanted, limit=LINES, cursor=tk.request.args.get("cursor", "")[:400]
    ).document
    rows = [_line(library, row) for row in found["items"]]
    return page(
        "licensing/agreements.html", agreements=rows, next=found["next"], chosen=wanted,
        waiting=_undrafted(library) if acting.is_provider(who) else [], states=STATE_NAMES,
    )  # fmt: skip


def _line(library: Interface, row: dict[str, Any]) -> dict[str, Any]:
    parties = library.get(f"/agreements/{row['id']}/parties").document
    possible = steps.possible(library, "agreement", row["id"])
    signing = [one for one in possible if one["action"] != "abandon"]
    return {**row, "parties": parties, "mine": bool(signing) and row["status"] not in ("in_force", "renewed")}


def _undrafted(library: Interface) -> list[dict[str, Any]]:
    """Approved cases of the account's departments without an agreement that is open or in force."""
    # The applicant may have been told before the draft is made: the case is no less decided.
    found = [
        case
        for status in ("approved", "preparing")
        for case in library.get("/cases", view="received", status=status, limit=LINES).document["items"]
    ]
    open_cases = [case for case in found if agreed.of_case(library, case).may_draft]
    return [library.get(f"/cases/{case['id']}").document for case in open_cases]


@agreements.get("/new")
def new() -> Answer:
    """What the case does not know: kind, first day, products, how the sides are reached."""
    return _new(tk.request.args.get("case", "")[:64], {}, None)


@agreements.post("/new")
def create() -> Answer:
    """Draft it; the page of the draft says what is missing."""
    form = tk.request.form
    case = form.get("case", "")[:64]
    body = {
        "case_id": case,
        "kind": form.get("kind", "cooperation"),
        "first_day": form.get("first_day") or None,
        "products": [line.strip() for line in form.get("products", "").splitlines() if line.strip()],
        "provider": terms_form.details_of(form, "provider"),
        "applicant": terms_form.details_of(form, "applicant"),
    }
    try:
        made = interface().post("/agreements", body).document
    except Refused as refused:
        return _new(case, form, refused)
    tk.h.flash_success(tk._("Drafted. Look at every item, then send it to the other side."))
    return tk.h.redirect_to("govdata_agreements.read", agreement_id=made["id"])


def _new(case_id: str, form: Any, refused: Refused | None) -> Answer:
    library = interface()
    case = library.get(f"/cases/{case_id}").document
    tomorrow = china_day(setup().time.now()) + timedelta(days=1)
    return page(
        "licensing/agreement_new.html", refused=refused, case=case, form=form, first_day=tomorrow.isoformat(),
        datasets=names.datasets(item["dataset"] for item in case["items"]),
        people=names.partners(library, [case["applicant"]["id"]])
        if case["applicant"]["kind"] != "department"
        else names.departments([case["applicant"]["id"]]),
    )  # fmt: skip


@agreements.get("/<agreement_id>")
def read(agreement_id: str) -> Answer:
    """One agreement for everybody who has to do with it."""
    return _read(agreement_id, None)


def _read(agreement_id: str, refused: Refused | None) -> Answer:
    library = interface()
    agreement = library.get(f"/agreements/{agreement_id}").document
    path = f"/agreements/{agreement_id}"
    versions = library.get(f"{path}/versions").document
    old, new_ = _compared(versions)
    open_ = agreement["status"] in ("draft", "offered", "agreed", "signing")
    history = steps.history(library, "agreement", agreement_id)
    return page(
        "licensing/agreement.html", refused=refused, agreement=agreement,
        parties=library.get(f"{path}/parties").document,
        versions=versions,
        redline=library.get(f"{path}/redline", old=old, new=new_).document,
        check=library.get(f"{path}/check").document if open_ else [],
        steps=steps.possible(library, "agreement", agreement_id),
        history=history, steps_asked=[each for each in history if each["action"] in ASKED],
        items=ITEMS, duties=DUTIES, modes=MODES,
        document=_document(library, agreement), **succession.shown(library, agreement),
        **_afterwards(library, agreement),
    )  # fmt: skip


@agreements.post("/<agreement_id>/<any(amend,renew):word>")
def follow(agreement_id: str, word: str) -> Answer:
    """Draft what follows this agreement: the same words, to be edited, agreed and signed like the first."""
    form = tk.request.form
    body = {"last_day": form["last_day"]} if word == "renew" and form.get("last_day") else {}
    try:
        made = interface().post(f"/agreements/{agreement_id}/{word}", body).document
    except Refused as refused:
        return _read(agreement_id, refused)
    tk.h.flash_success(tk._("Drafted. Look at every item, then send it to the other side."))
    return tk.h.redirect_to("govdata_agreements.read", agreement_id=made["id"])


def _compared(versions: list[dict[str, Any]]) -> tuple[int, int]:
    """Which versions the reader compares: what the address asks, else the newest with the one before."""
    known = {each["edition"] for each in versions}
    newest = max(known)
    asked = [tk.request.args.get(name, "") for name in ("old", "new")]
    given = [int(text) if text.isdecimal() and len(text) < 7 and int(text) in known else 0 for text in asked]
    new_ = given[1] or newest
    return given[0] or max(new_ - 1, 1), new_


def _document(library: Interface, agreement: dict[str, Any]) -> dict[str, Any] | None:
    if agreement["document_id"] is None:
        return None
    found: dict[str, Any] = library.get(f"/documents/{agreement['document_id']}").document
    return found


def _afterwards(library: Interface, agreement: dict[str, Any]) -> dict[str, Any]:
    """What follows a signature: filings and grants of this agreement, and who may make them."""
    who = acting.principal()
    if agreement["signed_edition"] is None:
        return {"filings": [], "grants": [], "may_file": False, "may_grant": False}
    filings = of_agreement(library, agreement)
    grants: list[dict[str, Any]] = []
    view = "all" if acting.is_office(who) else "own"
    for each in (view, "received") if view == "own" else (view,):
        grants += library.get("/grants", view=each, agreement=agreement["id"], limit=LINES).document["items"]
    shown = {each["id"]: each for each in grants}
    for grant in shown.values():
        grant["steps"] = steps.possible(library, "grant", grant["id"])
    provides = agreement["provider_id"] in who.departments and acting.is_provider(who)
    on_record = [each for each in filings if each["status"] in ("accepted", "in_notice", "registered")]
    running = [each for each in shown.values() if each["status"] not in ("revoked", "expired")]
    cooperation = agreement["kind"] == "cooperation" and agreement["status"] == "in_force"
    return {
        "filings": filings,
        "grants": list(shown.values()),
        "may_file": provides and agreement["status"] == "in_force" and not _under_way(filings),
        "may_grant": cooperation and bool(on_record) and not running and (provides or acting.files(who)),
        "filed": on_record[0] if on_record else None,
    }


def _under_way(filings: list[dict[str, Any]]) -> bool:
    ended = ("refused", "withdrawn", "cancelled", "expired")
    return any(each["status"] not in ended for each in filings)


def of_agreement(library: Interface, agreement: dict[str, Any]) -> list[dict[str, Any]]:
    """Filings of an agreement that the account may list: an office all, a department its own."""
    who = acting.principal()
    if not acting.is_office(who) and agreement["provider_id"] not in who.departments:
        return []
    listed = library.all("/filings", department=agreement["provider_id"])
    return [each for each in listed if each["agreement_id"] == agreement["id"]]


@agreements.get("/<agreement_id>/edit")
def edit_form(agreement_id: str) -> Answer:
    """The form of the terms, with what the check says beside each item."""
    return _form(agreement_id, "edit", None, None)


@agreements.get("/<agreement_id>/counter")
def counter_form(agreement_id: str) -> Answer:
    """The same form for the other side's proposal."""
    return _form(agreement_id, "counter", None, None)


@agreements.post("/<agreement_id>/<any(edit,counter):word>")
def change(agreement_id: str, word: str) -> Answer:
    """A new version of the terms: the provider's edit, or the applicant's counter-proposal."""
    library, form = interface(), tk.request.form
    path = f"/agreements/{agreement_id}"
    before = library.get(path).document["terms"]
    if word not in {one["word"] for one in steps.possible(library, "agreement", agreement_id)}:
        return tk.abort(409, tk._("The terms cannot be changed now."))
    terms = terms_form.terms_of(form, before)
    body: dict[str, Any] = {"terms": terms, "reason": form.get("reason", "").strip()}
    if word == "edit":
        body |= {side: terms_form.details_of(form, side) for side in ("provider", "applicant")}
    try:
        steps.take(library, path, word, form, body)
    except Refused as refused:
        return _form(agreement_id, word, refused, terms)
    tk.h.flash_success(tk._("Kept as a new version."))
    return tk.h.redirect_to("govdata_agreements.read", agreement_id=agreement_id)


def _form(agreement_id: str, word: str, refused: Refused | None, terms: dict[str, Any] | None) -> Answer:
    library = interface()
    path = f"/agreements/{agreement_id}"
    agreement = library.get(path).document
    possible = steps.possible(library, "agreement", agreement_id)
    checked = library.get(f"{path}/check").document
    if word not in {one["word"] for one in possible}:
        if refused is not None:
            raise refused  # it was posted all the same: the answer says why not, and has its status
        tk.h.flash_error(tk._("The terms cannot be changed now."))
        return tk.h.redirect_to("govdata_agreements.read", agreement_id=agreement_id)
    language = "zh" if str(tk.h.lang()).startswith("zh") else "en"
    wrong: dict[str, str] = {}
    for each in () if refused else checked:
        sentence = each["sentence"][language]
        wrong[each["item"]] = f"{wrong[each['item']]} {sentence}" if each["item"] in wrong else sentence
    if refused is not None:
        wrong = terms_form.faults_by_item(refused.faults)
    return page(
        "licensing/agreement_form.html", refused=refused, faults=wrong, agreement=agreement, word=word,
        terms=terms or agreement["terms"], parties=library.get(f"{path}/parties").document,
        kept=agreement["terms"], items=ITEMS, duties=DUTIES, always=ALWAYS, modes=MODES,
        posted=tk.request.form,
    )  # fmt: skip


@agreements.post("/<agreement_id>/<any({}):word>".format(",".join(f'"{each}"' for each in WORDS)))
def step(agreement_id: str, word: str) -> Answer:
    """Take one step of the table and come back."""
    form = tk.request.form
    return _taken(agreement_id, word, {"reason": form.get("reason", "").strip()})


@agreements.post("/<agreement_id>/open-for-signing")
def open_for_signing(agreement_id: str) -> Answer:
    """Make the file that both sides sign."""
    return _taken(agreement_id, "open-for-signing", {"national": "national" in tk.request.form})


def _taken(agreement_id: str, word: str, body: dict[str, Any]) -> Answer:
    return steps.carry_out(
        f"/agreements/{agreement_id}", word, body, partial(_read, agreement_id),
        tk.h.url_for("govdata_agreements.read", agreement_id=agreement_id),
    )  # fmt: skip


@agreements.get("/<agreement_id>/<any(file,docx):kind>")
def download(agreement_id: str, kind: str) -> Answer:
    """The PDF that is or was signed, or the text of one version as PDF or DOCX."""
    edition = tk.request.args.get("edition", "")
    wanted = edition if edition.isdecimal() and len(edition) < 7 else ""
    return interface().file(f"/agreements/{agreement_id}/{kind}", edition=wanted)
