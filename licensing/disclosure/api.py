"""Drafts of yearly disclosures over HTTP: the offices of everything, departments and holders of their own."""

from __future__ import annotations

from typing import Annotated

import msgspec

from licensing.core.errors import NotFound
from licensing.disclosure import word, year
from licensing.filings.shown import RegisterEntry
from licensing.http.route import Call, Media, Reply, Route
from licensing.parties.models import Department
from licensing.ports import OFFICE_ROLES

TAG = "备案 / Filings"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_YEARS = range(2000, 2200)


class OfWhom(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One of the caller's departments, or the holder that it acts for; the offices may leave both out."""

    department: Annotated[str, msgspec.Meta(max_length=64)] = ""
    holder: Annotated[str, msgspec.Meta(max_length=64)] = ""


class DisclosedEntry(RegisterEntry):
    """A filing as the register shows it, with its agreement's number and what was used in the year."""

    agreement: str
    calls: int
    rows: int
    products: list[str]


class Totals(msgspec.Struct):
    """Sums over the entries; ``income_fen`` as the holders reported it."""

    filings: int
    new: int
    providers: int
    holders: int
    calls: int
    rows: int
    products: int
    income_fen: int


class Disclosure(msgspec.Struct):
    """A year's draft; ``due`` is the last day of its disclosure, ``basis`` the rule."""

    year: int
    due: str
    basis: str
    entries: list[DisclosedEntry]
    totals: Totals


def _draft(call: Call) -> dict[str, object]:
    wanted: OfWhom = call.query
    who = call.ctx.principal
    own = wanted.department in who.departments or (not wanted.department and wanted.holder)
    if not own or (wanted.holder and wanted.holder not in {who.id, who.partner}):
        call.office(*OFFICE_ROLES)
    number = int(call.path["year"])
    if number not in _YEARS:
        raise NotFound("没有这一年度。", "There is no such year here.")
    departments = [wanted.department] if wanted.department else None
    return year.draft(call.session, number, departments, wanted.holder or None)


def _show(call: Call) -> Disclosure:
    return msgspec.convert(_draft(call), Disclosure)


def _word(call: Call) -> Reply:
    found = _draft(call)
    department = call.session.get(Department, call.query.department) if call.query.department else None
    office = call.settings.office
    name = department.name if department is not None else office.name if office is not None else ""
    if call.query.holder:
        name = next((each["holder"] for each in found["entries"]), "")  # type: ignore[attr-defined]
    return Reply(word.to_docx(found, name), filename=f"{found['year']}年度授权利用情况披露（草稿）.docx")


ROUTES = (
    Route("GET", "/disclosures/{year:int}", "getDisclosure", TAG, "年度披露草稿",
          "The draft of a year's disclosure", _show, answer=Disclosure, query=OfWhom),
    Route("GET", "/disclosures/{year:int}/docx", "getDisclosureWord", TAG, "年度披露草稿 DOCX",
          "The same as DOCX", _word, answer=Media(DOCX), query=OfWhom),
)  # fmt: skip
