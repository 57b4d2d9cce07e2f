"""Partners: registration by oneself, once; the manager's list of those to be verified."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit as tk
from flask import Blueprint, Response

from ckanext.govdata.licensing_pages.interface import Interface, Refused, interface
from ckanext.govdata.licensing_pages.render import page, room
from ckanext.govdata.licensing_pages.visitor import Visitor, visitor
from ckanext.govdata.licensing_ports import people
from ckanext.govdata.licensing_ports.setup import setup
from licensing.core.store.ids import new_id
from licensing.parties.identity import DOCUMENTS
from licensing.parties.lifecycle import REGISTERED, STATE_NAMES
from licensing.parties.service import METHODS

licensing_partners = room(Blueprint("govdata_licensing_partners", __name__), account=True)
_PAGE = 50
_LEGAL, _NATURAL = "legal", "natural"
_CONTACT = ("name", "duty", "phone", "email")
_UNPROCESSABLE = 422


@licensing_partners.get("/licensing/register-as-partner")
def form() -> Response:
    """The form; for who is registered, how it stands."""
    api = interface()
    return _form(api, visitor(api))


def _form(
    api: Interface,
    who: Visitor,
    *,
    refused: Refused | None = None,
    faults: dict[str, str] | None = None,
) -> Response:
    contacts = api.get(f"/partners/{who.partner['id']}/contacts").document if who.partner else []
    return page(
        "licensing/partner.html",
        refused=refused,
        faults=faults or {},
        status=_UNPROCESSABLE if faults else 200,
        who=who,
        contacts=contacts,
        documents=DOCUMENTS,
        posted=_without_number(),
        waiting=who.partner is not None and who.partner["status"] == REGISTERED,
        going=_next(),
    )


def _without_number() -> dict[str, str]:
    """What was typed, to be shown again: never the number of a person's document."""
    return {name: value for name, value in tk.request.form.items() if name != "number"}


def _next() -> str:
    """The application that somebody was about to make; an address of this site only."""
    going = tk.request.values.get("next", "")
    return going if going.startswith("/licensing/") else ""


@licensing_partners.post("/licensing/register-as-partner")
def register() -> Any:
    """Register the organisation or the person, and let the account act for it from now on."""
    api, typed = interface(), tk.request.form
    who = visitor(api)
    if who.partner is not None:
        return tk.redirect_to("govdata_licensing_partners.form")
    kind = typed.get("kind", "")
    lacking = _lacking(kind, typed)
    if lacking:
        return _form(api, who, faults=lacking)
    try:
        partner = _register_legal(api, who, typed) if kind == _LEGAL else _register_natural(api, who, typed)
    except Refused as refused:
        return _form(api, who, refused=refused, faults=_placed(kind, refused))
    person = {name: typed.get(f"contact_{name}", "").strip() for name in _CONTACT}
    try:
        if any(person.values()):
            api.post(f"/partners/{partner}/contacts", {"people": [person]})
    except Refused as refused:
        tk.h.flash_error(refused.detail)
    tk.h.flash_success(tk._("Registered. The office verifies it; you can prepare an application meanwhile."))
    return tk.redirect_to(_next() or "govdata_licensing_partners.form")


def _lacking(kind: str, typed: Any) -> dict[str, str]:
    if kind not in (_LEGAL, _NATURAL):
        return {"kind": tk._("Choose who registers.")}
    asked = {
        _LEGAL: {"name": tk._("Write the name as on the licence."), "uscc": tk._("Write the credit code.")},
        _NATURAL: {
            "person_name": tk._("Write your name as on the document."),
            "number": tk._("Write the number again: it is not kept, also not in this form."),
        },
    }[kind]
    found = {name: said for name, said in asked.items() if not typed.get(name, "").strip()}
    if kind == _LEGAL and not typed.get("contact_name", "").strip():
        found["contact_name"] = tk._("Name somebody to call.")
    return found


def _placed(kind: str, refused: Refused) -> dict[str, str]:
    """Beside which field a refusal stands that names none: the register refuses codes and documents."""
    if refused.faults or refused.status not in (409, _UNPROCESSABLE):
        return {}
    return {"uscc" if kind == _LEGAL else "number": refused.detail}


def _register_legal(api: Interface, who: Visitor, typed: Any) -> str:
    """The account joins first, under an id that nobody has: it may register its own partner only.

    A registration that is refused is undone; one that is cut off leaves an id that the next attempt uses.
    """
    partner = who.joined or str(new_id())
    _join(partner)
    try:
        document = {"name": typed["name"].strip(), "uscc": typed["uscc"].strip(), "partner_id": partner}
        api.post("/partners", document)
    except Refused:
        _join(None)
        raise
    return partner


def _register_natural(api: Interface, who: Visitor, typed: Any) -> str:
    """The number goes into this one request and nowhere else."""
    api.post(
        "/persons",
        {
            "name": typed["person_name"].strip(),
            "document": typed.get("document", ""),
            "number": typed["number"].strip(),
        },
    )
    _join(who.id)
    return who.id


def _join(partner: str | None) -> None:
    with setup().session() as session:
        people.join(tk.current_user, partner, session)
        session.commit()


@licensing_partners.post("/licensing/partner/contacts")
def contacts() -> Any:
    """Change whom to call."""
    api, typed = interface(), tk.request.form
    who = visitor(api)
    if who.partner is None:
        return tk.redirect_to("govdata_licensing_partners.form")
    person = {name: typed.get(f"contact_{name}", "").strip() for name in _CONTACT}
    try:
        api.post(f"/partners/{who.partner['id']}/contacts", {"people": [person]}, version=who.partner["etag"])
    except Refused as refused:
        return _form(api, who, refused=refused)
    tk.h.flash_success(tk._("Saved."))
    return tk.redirect_to("govdata_licensing_partners.form")


@licensing_partners.get("/licensing/partners")
def index() -> Any:
    """Partners, those to be verified first."""
    return _index()


def _index(refused: Refused | None = None, tried: str = "") -> Any:
    api, asked = interface(), tk.request.args
    status = asked.get("status", REGISTERED)
    found = api.get("/partners", status=status, cursor=asked.get("after", ""), limit=_PAGE).document
    shown = [_whole(api, row) for row in found["items"]]
    return page(
        "licensing/partners.html",
        refused=refused,
        partners=shown,
        after=found["next"],
        status_chosen=status,
        states={name: STATE_NAMES[name] for name in ("registered", "verified", "rejected", "closed")},
        methods=METHODS,
        tried=tried,
    )


def _whole(api: Interface, row: dict[str, Any]) -> dict[str, Any]:
    """A partner with whom to call and how it stands now; an erased one has neither."""
    try:
        found = api.get(f"/partners/{row['id']}")
        return {
            **found.document,
            "etag": found.version,
            "contacts": api.get(f"/partners/{row['id']}/contacts").document,
        }
    except Refused:
        return {**row, "etag": None, "contacts": []}


@licensing_partners.post("/licensing/partners/<partner_id>/<any(verify,reject,unverify):action>")
def decide(partner_id: str, action: str) -> Any:
    """Verify a partner, or say why not."""
    typed = tk.request.form
    body = (
        {"method": typed.get("method", "")}
        if action == "verify"
        else {"reason": typed.get("reason", "").strip()}
    )
    try:
        interface().post(f"/partners/{partner_id}/{action}", body, version=typed.get("version"))
    except Refused as refused:
        return _index(refused, partner_id)
    tk.h.flash_success(tk._("Done and on record."))
    return tk.redirect_to("govdata_licensing_partners.index")
