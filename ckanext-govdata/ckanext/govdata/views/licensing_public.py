"""What anybody may see of licensing: the register of filings, products, and whether a document is genuine.

Article: SX-17 (filing is public), SX-18 (products name source and date), HB-24.
"""

from __future__ import annotations

import re
from typing import Any, Final

from ckan.plugins import toolkit as tk
from flask import Blueprint, Response

from ckanext.govdata.cases import limits
from ckanext.govdata.licensing_pages import names, recognise
from ckanext.govdata.licensing_pages.interface import Refused, interface
from ckanext.govdata.licensing_pages.render import NOT_FOUND, page, room
from ckanext.govdata.logic.errors import reader_language
from ckanext.govdata.views.form_guard import is_known, to_login
from licensing.core.errors import LicensingError
from licensing.filings.lifecycle import IN_NOTICE
from licensing.filings.service import MATTERS

public = room(Blueprint("govdata_public", __name__, url_prefix="/licensing"), account=False)

LINES: Final = 20
NEWEST: Final = 5
PDF: Final = "application/pdf"
_MAGIC: Final = b"%PDF-"
_NUMBER: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
Answer = Response | str


@public.get("/register")
def register() -> Answer:
    """Filings that are or were public, newest first; ``?code=`` goes to the one with that code; ``?part=1``:
    the newest as a piece for pages that can be kept."""
    args = tk.request.args
    if code := args.get("code", "").strip():
        return tk.h.redirect_to("govdata_public.entry", code=code[:64])
    if args.get("part"):
        newest = interface().get("/register", limit=NEWEST).document["items"]
        return page("licensing/register_newest.html", rows=newest)
    matter = args.get("matter", "") if args.get("matter") in MATTERS else ""
    found = interface().get("/register", matter=matter, limit=LINES, cursor=args.get("cursor")).document
    return page(
        "licensing/register.html", rows=found["items"], next=found["next"], matter=matter, matters=MATTERS,
        later=bool(args.get("cursor")),
    )  # fmt: skip


@public.get("/register/<code>")
def entry(code: str) -> Answer:
    """What a query code tells: the entry, or how far a filing is that is not public yet."""
    return _entry(code, None)


def _entry(code: str, refused: Refused | None) -> Answer:
    if not _NUMBER.fullmatch(code):
        return page("licensing/register_entry.html", status=404, looked=None, code=code)
    try:
        looked = interface().get(f"/register/{code}").document
    except Refused as wrong:
        return page("licensing/register_entry.html", status=wrong.status, looked=None, code=code)
    shown = looked["entry"]
    known = names.datasets(each["id"] for each in shown["datasets"]) if shown else {}
    return page(
        "licensing/register_entry.html", refused=refused, looked=looked, code=code, known=known,
        open_to_objection=bool(shown) and shown["state"]["id"] == IN_NOTICE,
        posted=tk.request.form.get("statement", "") if refused else "",
    )  # fmt: skip


@public.post("/register/<code>/objection")
def object_to(code: str) -> Answer:
    """Object during the public notice; the office answers with reasons."""
    if not is_known():
        return to_login()
    try:
        looked = interface().get(f"/register/{code[:64]}").document
        if looked["entry"] is None:
            return tk.abort(404, tk._("This filing is not public."))
        statement = tk.request.form.get("statement", "").strip()
        interface().post(f"/filings/{looked['entry']['id']}/objections", {"statement": statement})
    except Refused as refused:
        if refused.status == NOT_FOUND:
            raise
        return _entry(code, refused)
    tk.h.flash_success(tk._("Recorded. The office answers with its reasons before the filing is registered."))
    return tk.h.redirect_to("govdata_public.entry", code=code)


@public.get("/verify")
def verify() -> Answer:
    """Where a file is dropped or a number is typed; ``?sha256=`` asks for a data file by its digest."""
    args = tk.request.args
    if number := args.get("number", "").strip():
        return tk.h.redirect_to("govdata_public.verify_number", number=number[:64])
    if digest := args.get("sha256", "").strip().lower():
        return _judge_digest(digest, "")
    return page("licensing/verify.html", kind="")


@public.get("/verify/<number>")
def verify_number(number: str) -> Answer:
    """What anybody may know of a signed agreement by its number, as its QR code asks."""
    if not _NUMBER.fullmatch(number):
        return page("licensing/verify.html", status=404, kind="number", number=number, mark=None)
    try:
        mark = interface().get(f"/verifications/{number}").document
    except Refused as refused:
        return page("licensing/verify.html", status=refused.status, kind="number", number=number, mark=None)
    return page("licensing/verify.html", kind="number", number=number, mark=mark)


@public.post("/verify")
def verify_file() -> Answer:
    """Judge an uploaded file: a PDF by its signatures, anything else by its digest. It is not kept."""
    given = tk.request.files.get("file")
    if given is None or not given.filename:
        return page("licensing/verify.html", status=422, kind="", faults={"file": tk._("Choose a file.")})
    try:
        limits.count("verify", tk.request.remote_addr or "")
    except LicensingError as often:
        said = often.message(reader_language())
        return page("licensing/verify.html", status=429, kind="", errors=[said])
    head = given.stream.read(len(_MAGIC))
    given.stream.seek(0)
    if head != _MAGIC:
        return _judge_digest(recognise.digest_of(given.stream), given.filename)
    try:
        verdict = interface().send("/verifications", given.stream.read(), PDF).document
    except Refused as refused:
        return page("licensing/verify.html", refused=refused, kind="")
    return page("licensing/verify.html", kind="pdf", verdict=verdict, filename=given.filename)


def _judge_digest(digest: str, filename: str) -> Answer:
    if not recognise.DIGEST.fullmatch(digest):
        wrong = {"sha256": tk._("A SHA-256 has 64 hexadecimal digits.")}
        return page("licensing/verify.html", status=422, kind="", faults=wrong, digest=digest[:80])
    found = recognise.published(digest)
    return page("licensing/verify.html", kind="data", digest=digest, filename=filename, found=found)


@public.get("/products")
def products() -> Answer:
    """Products made of the data, each with its sources and the day of acquisition."""
    found = interface().get("/public/products", limit=LINES, cursor=tk.request.args.get("cursor")).document
    return page("licensing/products.html", rows=found["items"], next=found["next"])


@public.get("/products/<product_id>")
def product(product_id: str) -> Answer:
    """One product: what it is, whose data it uses, how to cite them."""
    library = interface()
    shown: dict[str, Any] = library.get(f"/public/products/{product_id}").document
    return page("licensing/product.html", product=shown, known=_entries(shown))


def _entries(shown: dict[str, Any]) -> dict[str, str]:
    return names.datasets(each["dataset"] for each in shown["sources"])
