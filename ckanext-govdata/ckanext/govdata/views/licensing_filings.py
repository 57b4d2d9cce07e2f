"""The filing desk: what falls due today, what is to be filed, what stands in public notice.

Article: SX-17 (filing), 发改数据规〔2025〕26号 (what the national register asks).
"""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any, Final

from ckan.plugins import toolkit as tk
from flask import Blueprint, Response

from ckanext.govdata.licensing_pages import acting, filing_form, names, papers, steps
from ckanext.govdata.licensing_pages.interface import Interface, Refused, interface
from ckanext.govdata.licensing_pages.render import page, room
from ckanext.govdata.licensing_ports.setup import setup
from licensing.core.clock import china_day
from licensing.filings.lifecycle import IN_NOTICE, NOTICE, STATE_NAMES
from licensing.filings.service import KINDS, MATTERS, WITHOUT_NOTICE

filings = room(Blueprint("govdata_filings", __name__, url_prefix="/licensing/filings"), account=True)

OPEN: Final = ("submitted", "supplementing", "accepted", IN_NOTICE)
"""States in which somebody has to do something."""
CARDS: Final = 50
"""Cards of one state on the desk; the list has all of them."""
LINES: Final = 20
NEXT: Final = ("submit", "accept", "approve", "conclude", "register")
"""Steps that are one click once everything is checked."""
WITH_REASON: Final = ("ask-supplement", "refuse", "withdraw")
UNPROCESSABLE: Final = 422
Answer = Response | str


@filings.get("")
def desk() -> Answer:
    """Three columns with what is overdue above them; below, every filing."""
    library, who = interface(), acting.principal()
    if not acting.is_office(who) and not who.departments:
        return tk.abort(403, tk._("The filing desk is for departments and the administrator."))
    today = china_day(setup().time.now())
    cards = [_card(library, each, today) for state in OPEN for each in _listed(library, who, state, CARDS)]
    cards.sort(key=lambda card: card["due"] or "9999")
    status = tk.request.args.get("status", "")
    wanted = status if status in STATE_NAMES else ""
    rows, following = _table(library, who, wanted)
    return page(
        "licensing/filings.html", late=[card for card in cards if card["late"]],
        columns={
            "today": [card for card in cards if card["today"]],
            "waiting": [card for card in cards if _waits(card) and card["status"] != IN_NOTICE],
            "notice": [card for card in cards if _waits(card) and card["status"] == IN_NOTICE],
        },
        rows=rows, next=following, chosen=wanted, states=STATE_NAMES, matters=MATTERS, kinds=KINDS,
        titles=names.datasets(id_ for card in [*cards, *rows] for id_ in _datasets(card)),
        departments=names.departments(card["department"] for card in [*cards, *rows]),
        statistics=_statistics(library, who, today), office=acting.is_office(who),
        may_export=acting.files(who), today=today.isoformat(), year=today.year,
    )  # fmt: skip


def _waits(card: dict[str, Any]) -> bool:
    return not card["late"] and not card["today"]


def _listed(library: Interface, who: Any, status: str, limit: int) -> list[dict[str, Any]]:
    if acting.is_office(who):
        return list(library.get("/filings", status=status, limit=limit).document["items"])
    return [
        row
        for department in sorted(who.departments)
        for row in library.get("/filings", status=status, department=department, limit=limit).document[
            "items"
        ]
    ]


def _table(library: Interface, who: Any, status: str) -> tuple[list[dict[str, Any]], str | None]:
    """One page of every filing; a department's officer pages through the first department's."""
    query = {"status": status, "limit": LINES, "cursor": tk.request.args.get("cursor", "")[:400]}
    if not acting.is_office(who):
        departments = sorted(who.departments)
        asked = tk.request.args.get("department", "")
        query["department"] = asked if asked in departments else departments[0]
    found = library.get("/filings", **query).document
    return found["items"], found["next"]


def _card(library: Interface, filing: dict[str, Any], today: date) -> dict[str, Any]:
    """A filing with its clock, what may be done, and whether it is due."""
    clocks = library.get(f"/subjects/filing/{filing['id']}/clocks").document
    running = [each for each in clocks if each["stopped"] is None and each["due_day"]]
    clock = min(running, key=lambda each: each["due_day"]) if running else None
    due = clock["due_day"] if clock else None
    ended = clock is not None and clock["rule"]["id"] == NOTICE and due < today.isoformat()
    objections = (
        library.get(f"/filings/{filing['id']}/objections").document if filing["status"] == IN_NOTICE else []
    )
    return {
        **filing,
        "clock": clock,
        "due": due,
        # The notice is over: that is nothing late, it is what may be done from today on.
        "late": due is not None and due < today.isoformat() and not ended,
        "today": ended or due == today.isoformat(),
        "notice_over": ended,
        "objections": [each for each in objections if each["status"] == "open"],
        "upheld": any(each["status"] == "upheld" for each in objections),
        "steps": _offered(filing, steps.possible(library, "filing", filing["id"])),
    }


def _offered(filing: dict[str, Any], possible: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without what this kind of filing never does, what the machine does, or another form."""
    never = "approve" if filing["kind"] in WITHOUT_NOTICE else "conclude"
    known = {*NEXT, *WITH_REASON, "issue-receipt"} - {never}
    return [one for one in possible if one["word"] in known]


def _datasets(filing: dict[str, Any]) -> list[str]:
    return [each["id"] for each in filing["submission"]["agreement"]["datasets"]]


def _statistics(library: Interface, who: Any, today: date) -> list[dict[str, Any]]:
    if not acting.is_office(who):
        return []
    since = today.replace(month=1, day=1).isoformat()
    found: list[dict[str, Any]] = library.get("/filing-statistics", since=since).document
    return found


@filings.get("/<filing_id>/checks")
def checks(filing_id: str) -> Answer:
    """What is right and what is wrong with the package, as a piece of a card."""
    found = interface().get(f"/filings/{filing_id}/check").document
    return page("licensing/snippets/checks.html", check=found)


@filings.get("/new")
def new() -> Answer:
    """A department files a signed agreement."""
    return _new(tk.request.args.get("agreement", "")[:64], None)


def _new(agreement_id: str, refused: Refused | None, faults: dict[str, str] | None = None) -> Answer:
    library = interface()
    agreement = library.get(f"/agreements/{agreement_id}").document
    department = agreement["provider_id"]
    before = [
        each
        for each in library.all("/filings", department=department, status="registered")
        if each["agreement_id"] == agreement_id
    ]
    return page(
        "licensing/filing_new.html", refused=refused, agreement=agreement, before=before, matters=MATTERS,
        kinds=KINDS, form=tk.request.form, consents=filing_form.consents(agreement),
        departments=names.departments(each["original_provider"] for each in filing_form.consents(agreement)),
        faults=faults or {}, status=UNPROCESSABLE if faults else 200, **papers.shown(),
    )  # fmt: skip


@filings.post("/new")
def create() -> Answer:
    """Begin the filing; its page shows the checks, and from there it is handed in."""
    library, form = interface(), tk.request.form
    agreement_id = form.get("agreement", "")[:64]
    agreement = library.get(f"/agreements/{agreement_id}").document
    body = {
        "agreement_id": agreement_id, "matter": form.get("matter", ""), "kind": form.get("kind", "first"),
        "of": form.get("of") or None, **filing_form.content(agreement, {}),
    }  # fmt: skip
    wrong = papers.wrong(iter(filing_form.fields(agreement)))
    if wrong:
        return _new(agreement_id, None, wrong)
    try:
        made = library.post("/filings", body).document
        papers.keep(library, made["id"], iter(filing_form.fields(agreement)))
    except Refused as refused:
        return _new(agreement_id, refused)
    tk.h.flash_success(tk._("The filing is a draft now. Look at the checks, then hand it in."))
    return tk.h.redirect_to("govdata_filings.read", filing_id=made["id"])


@filings.get("/<filing_id>")
def read(filing_id: str) -> Answer:
    """One filing for its department, its partner and the office."""
    return _read(filing_id, None)


def _read(filing_id: str, refused: Refused | None, faults: dict[str, str] | None = None) -> Answer:
    library, who = interface(), acting.principal()
    filing = library.get(f"/filings/{filing_id}").document
    path = f"/filings/{filing_id}"
    today = china_day(setup().time.now())
    possible = steps.possible(library, "filing", filing_id)
    objections = library.get(f"{path}/objections").document
    for each in objections:
        # To the sides of the agreement somebody else's objection is no subject of theirs: they read it here.
        each["steps"] = steps.possible(library, "objection", each["id"]) if acting.files(who) else []
    receipt = _receipt(library, filing)
    consents = filing_form.consents(library.get(f"/agreements/{filing['agreement_id']}").document)
    return page(
        "licensing/filing.html", refused=refused, filing=_card(library, filing, today),
        check=library.get(f"{path}/check").document, objections=objections,
        history=steps.history(library, "filing", filing_id),
        clocks=library.get(f"/subjects/filing/{filing_id}/clocks").document,
        grants=_grants(library, who, filing), receipt=receipt, matters=MATTERS, kinds=KINDS,
        editable=next((one["word"] for one in possible if one["action"] in ("save", "supplement")), None),
        titles=names.datasets(_datasets(filing)), departments=names.departments(
            [filing["department"], *(each["original_provider"] for each in consents)]
        ),
        people=names.partners(library, _natural(filing)), form=tk.request.form,
        may_issue=any(one["action"] == "issue_receipt" for one in possible),
        has_office=setup().office() is not None, faults=faults or {}, status=UNPROCESSABLE if faults else 200,
        kept=papers.of_filing(library, filing_id), consents=consents, **papers.shown(),
    )  # fmt: skip


def _natural(filing: dict[str, Any]) -> list[str]:
    return [each["id"] for each in filing["submission"]["agreement"]["parties"] if each["kind"] == "person"]


def _receipt(library: Interface, filing: dict[str, Any]) -> dict[str, Any] | None:
    if filing["receipt_document_id"] is None:
        return None
    found: dict[str, Any] = library.get(f"/filings/{filing['id']}/receipt").document
    return found


def _grants(library: Interface, who: Any, filing: dict[str, Any]) -> list[dict[str, Any]]:
    views = ("all",) if acting.is_office(who) else ("own", "received")
    found = {
        each["id"]: each
        for view in views
        for each in library.get("/grants", view=view, agreement=filing["agreement_id"], limit=LINES).document[
            "items"
        ]
    }
    return [{**each, "steps": steps.possible(library, "grant", each["id"])} for each in found.values()]


@filings.post("/<filing_id>/<any({}):word>".format(",".join(f'"{each}"' for each in (*NEXT, *WITH_REASON))))
def step(filing_id: str, word: str) -> Answer:
    """One step of the table: one click, or with a reason."""
    body = {"reason": tk.request.form.get("reason", "").strip()} if word in WITH_REASON else None
    return _taken(filing_id, word, body)


@filings.post("/<filing_id>/<any(save,supplement):word>")
def content(filing_id: str, word: str) -> Answer:
    """What the department says itself: plan, consents, attachments; each file is kept once it is named."""
    library = interface()
    filing = library.get(f"/filings/{filing_id}").document
    agreement = library.get(f"/agreements/{filing['agreement_id']}").document
    wrong = papers.wrong(iter(filing_form.fields(agreement)))
    if wrong:
        return _read(filing_id, None, wrong)
    try:
        body = filing_form.content(agreement, filing["submission"])
        steps.take(library, f"/filings/{filing_id}", word, tk.request.form, body)
        papers.keep(library, filing_id, iter(filing_form.fields(agreement)))
    except Refused as refused:
        return _read(filing_id, refused)
    tk.h.flash_success(tk._("Recorded."))
    return tk.h.redirect_to(_address(filing_id))


@filings.post("/<filing_id>/receipt")
def issue_receipt(filing_id: str) -> Answer:
    """Make the receipt that the office then signs."""
    return _taken(filing_id, "receipt", None)


def _taken(filing_id: str, word: str, body: dict[str, Any] | None) -> Answer:
    desk_too = tk.request.form.get("back") == "desk"
    back = tk.h.url_for("govdata_filings.desk") if desk_too else _address(filing_id)
    return steps.carry_out(f"/filings/{filing_id}", word, body, partial(_read, filing_id), back)


def _address(filing_id: str) -> str:
    return str(tk.h.url_for("govdata_filings.read", filing_id=filing_id))


@filings.post("/<filing_id>/objections/<objection_id>/<any(dismiss,uphold):word>")
def answer_objection(filing_id: str, objection_id: str, word: str) -> Answer:
    """Answer an objection with reasons."""
    body = {"reason": tk.request.form.get("reason", "").strip()}
    again = partial(_read, filing_id)
    return steps.carry_out(f"/objections/{objection_id}", word, body, again, _address(filing_id))


@filings.get("/<filing_id>/<any('receipt.pdf','package','package.zip'):name>")
def download(filing_id: str, name: str) -> Answer:
    """Receipt, manifest or the whole package."""
    return interface().file(f"/filings/{filing_id}/{name}")


@filings.get("/registrations.xlsx")
def workbook() -> Answer:
    """The fields of the national register, by the day of acceptance."""
    period = {name: tk.request.args.get(name, "")[:10] for name in ("since", "until")}
    return interface().file("/registrations.xlsx", **period)
