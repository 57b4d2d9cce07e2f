"""Signing with one's own key: certificates, the document with its digest, the signature of a device.

The private key is made and kept in the browser (not extractable), or lies in a file or token outside. What
arrives here is a public key, a certificate, a signature.

Article: SX-18 (electronic agreement), JS-19.
"""

from __future__ import annotations

import json
from typing import Any, Final

from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, make_response

from ckanext.govdata.licensing_pages import acting, names, steps
from ckanext.govdata.licensing_pages.interface import Interface, Refused, interface
from ckanext.govdata.licensing_pages.render import page, room
from ckanext.govdata.licensing_ports.setup import setup
from ckanext.govdata.supervision.rectification import paper

signing = room(Blueprint("govdata_signing", __name__, url_prefix="/licensing/signing"), account=True)

LINES: Final = 50
LARGEST_FILE: Final = 64 * 1024
"""Bytes of a file of certificates, or of what a signing tool answers."""
Answer = Response | str


@signing.get("/keys")
def keys() -> Answer:
    """One's own keys and certificates; for an office, who waits for one."""
    return _keys(None)


def _keys(refused: Refused | None) -> Answer:
    library, who = interface(), acting.principal()
    own = library.get("/certificates", limit=LINES).document["items"]
    asked: list[dict[str, Any]] = []
    if acting.files(who):
        asked = library.get("/certificates", view="all", status="requested", limit=LINES).document["items"]
    signers = acting.signers(who, library)
    return page(
        "licensing/keys.html", refused=refused, certificates=[_offered(library, each) for each in own],
        asked=[_offered(library, each) for each in asked], signers=signers, account=who.id,
        has_authority=setup().settings().authority is not None, named=_named(library, [*own, *asked]),
    )  # fmt: skip


def _offered(library: Interface, certificate: dict[str, Any]) -> dict[str, Any]:
    return {**certificate, "steps": steps.possible(library, "certificate", certificate["id"])}


def _named(library: Interface, certificates: list[dict[str, Any]]) -> dict[str, str]:
    """Names of the parties of certificates, by id."""
    parties = [each["party"] for each in certificates]
    office = setup().office()
    return {
        **names.partners(library, [one["id"] for one in parties if one["kind"] in ("partner", "person")]),
        **names.departments(one["id"] for one in parties if one["kind"] == "department"),
        **({office.id: office.name} if office is not None else {}),
    }


@signing.post("/certificates/<certificate_id>/<any(issue,refuse,withdraw,revoke):word>")
def certificate_step(certificate_id: str, word: str) -> Answer:
    """Issue, refuse, withdraw or revoke a certificate."""
    form = tk.request.form
    body = {"reason": form.get("reason", "").strip()} if word in ("refuse", "revoke") else None
    here = f"/certificates/{certificate_id}"
    return steps.carry_out(here, word, body, _keys, tk.h.url_for("govdata_signing.keys"))


@signing.get("/documents/<document_id>")
def document(document_id: str) -> Answer:
    """What is to be signed, its digest, and the two ways of signing it."""
    return _document(document_id, None)


def _document(document_id: str, refused: Refused | None) -> Answer:
    library, who = interface(), acting.principal()
    found = library.get(f"/documents/{document_id}").document
    own = library.get("/certificates", limit=LINES).document["items"]
    turn = next((side for side in found["sides"] if side["side"] == found["turn"]), None)
    return page(
        "licensing/sign.html", refused=refused, document=found, turn=turn,
        mine=turn is not None and turn["party"] in {each.id for each in acting.signers(who, library)},
        certificates=[
            {"key": each["key_sha256"], "chain": each["chain"], "until": each["not_after"][:10]}
            for each in own
            if each["status"] == "issued" and turn is not None and each["party"]["id"] == turn["party"]
        ],
        passages=_text(library, found), account=who.id, prefix=setup().settings().prefix,
        back=_back(found),
    )  # fmt: skip


def _text(library: Interface, document_: dict[str, Any]) -> list[dict[str, Any]]:
    """The words of an agreement, to be read on the page; other documents are read in their PDF."""
    if document_["kind"] != "agreement":
        return []
    path = f"/agreements/{document_['subject_id']}"
    edition = library.get(path).document["edition"]
    found: list[dict[str, Any]] = library.get(f"{path}/redline", old=edition, new=edition).document[
        "passages"
    ]
    return found


def _back(document_: dict[str, Any]) -> str:
    if document_["kind"] == "agreement":
        return str(tk.h.url_for("govdata_agreements.read", agreement_id=document_["subject_id"]))
    if document_["kind"] == paper.KIND:
        number = tk.get_action("govdata_rectification_show")(
            {"user": tk.current_user.name}, {"id": document_["subject_id"]}
        )["number"]
        return str(tk.h.url_for("govdata_rectifications.read", number=number))
    return str(tk.h.url_for("govdata_filings.read", filing_id=document_["subject_id"]))


@signing.get("/documents/<document_id>/file")
def document_file(document_id: str) -> Answer:
    """Its newest PDF."""
    return interface().file(f"/documents/{document_id}/file")


@signing.post("/documents/<document_id>/request")
def ask(document_id: str) -> Answer:
    """Begin to sign with a certificate from outside: the request for ``licensing sign``."""
    chain = _uploaded("chain")
    try:
        asked = steps.take(
            interface(), f"/documents/{document_id}", "signature-requests", tk.request.form, {"chain": chain}
        ).document
    except Refused as refused:
        return _document(document_id, refused)
    return tk.h.redirect_to("govdata_signing.request_page", request_id=asked["id"])


def _uploaded(name: str) -> str:
    """The text of a small file of the form; "" when there is none, or it is no text."""
    upload = tk.request.files.get(name)
    if upload is None:
        return tk.request.form.get(name, "").strip()
    return upload.stream.read(LARGEST_FILE).decode("utf-8", "replace")


@signing.get("/requests/<request_id>")
def request_page(request_id: str) -> Answer:
    """What to run on one's own computer, and where its answer goes."""
    return _request(request_id, None, [])


def _request(request_id: str, refused: Refused | None, errors: list[str]) -> Answer:
    asked = interface().get(f"/signature-requests/{request_id}").document
    status = 422 if errors else 200
    return page("licensing/sign_request.html", refused=refused, errors=errors, asked=asked, status=status)


@signing.get("/requests/<request_id>/request.json")
def request_json(request_id: str) -> Answer:
    """The request as ``licensing sign`` reads it."""
    asked = interface().get(f"/signature-requests/{request_id}").document
    answer = make_response(json.dumps(asked, ensure_ascii=False, indent=2))
    answer.headers["Content-Type"] = "application/json; charset=utf-8"
    answer.headers["Content-Disposition"] = 'attachment; filename="request.json"'
    return answer


@signing.get("/requests/<request_id>/prepared.pdf")
def prepared(request_id: str) -> Answer:
    """The PDF that the request asks to sign."""
    return interface().file(f"/signature-requests/{request_id}/file")


@signing.post("/requests/<request_id>")
def give(request_id: str) -> Answer:
    """Hand in what ``licensing sign`` wrote."""
    try:
        given = json.loads(_uploaded("response"))
    except ValueError:
        given = None
    if not isinstance(given, dict):
        return _request(request_id, None, [tk._("This is not the file that the signing tool wrote.")])
    try:
        signed = interface().post(f"/signature-requests/{request_id}/signature", given).document
    except Refused as refused:
        return _request(request_id, refused, [])
    tk.h.flash_success(tk._("Signed."))
    return tk.redirect_to(_back(signed))
