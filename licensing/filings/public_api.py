"""The public register, and objections to what stands in it."""

from __future__ import annotations

from typing import Annotated

import msgspec

from licensing.core.store.step import load
from licensing.filings import objections, register
from licensing.filings.lifecycle import OBJECTION, PUBLIC
from licensing.filings.models import Filing, Objection
from licensing.filings.shown import Looked, Named, ObjectionView, RegisterEntry, objection_view
from licensing.http import cursor
from licensing.http.cursor import Page, Paging
from licensing.http.decisions import arguments, body_of, steps
from licensing.http.route import Call, Reply, Route

TAG = "备案 / Filings"
REGISTER = "备案公示 / Public register"
Word = Annotated[str, msgspec.Meta(max_length=64)]


class OfMatter(Paging, forbid_unknown_fields=True, kw_only=True):
    """Which part of the register."""

    matter: Word = ""


class Erasure(msgspec.Struct, forbid_unknown_fields=True):
    """The legal basis, which stays on record."""

    basis: Annotated[str, msgspec.Meta(max_length=4000)]


def _register(call: Call) -> Page[RegisterEntry]:
    wanted: OfMatter = call.query
    after = cursor.decode(wanted.cursor, tuple[str])
    page = register.public_list(
        call.session, after=after[0] if after else None, limit=wanted.limit, matter=wanted.matter or None
    )
    rows = [msgspec.convert(each, RegisterEntry) for each in page.items]
    return Page(rows, cursor.encode(page.next) if page.next else None)


def _look_up(call: Call) -> Looked:
    found = register.look_up(call.session, call.path["code"])
    entry = msgspec.convert(found, RegisterEntry) if found["state"]["id"] in PUBLIC else None
    return Looked(found["number"], found["code"], msgspec.convert(found["state"], Named), entry)


def _object(call: Call) -> Reply:
    """Anybody who is known may object to what is public; whatever is not public is not there for him."""
    given = arguments(objections.raise_objection, call.body, ("filing_id",))
    filing = load(call.session, Filing, call.path["filing_id"])
    if filing.status not in PUBLIC:
        _filing(call)
    made = objections.raise_objection(call.session, call.ctx, filing.id, **given)
    shown = objection_view(made)
    return Reply(shown.content, shown.version, location=f"/objections/{made.id}")


def _objections(call: Call) -> list[ObjectionView]:
    """For the two sides and the offices: what is objected to has to be answered by them."""
    rows = objections.objections_of(call.session, _filing(call).id)
    return [objection_view(each).content for each in rows]


def _find_objection(call: Call) -> Objection:
    return call.own(Objection, call.path["objection_id"])


def _erase_objection(call: Call) -> Reply:
    made = objections.erase_statement(
        call.session, call.ctx, _find_objection(call).id, basis=call.body.basis, if_version=call.if_version
    )
    return objection_view(made)


def _filing(call: Call) -> Filing:
    return call.own(Filing, call.path["filing_id"])


ROUTES = (
    Route("GET", "/register", "listRegister", REGISTER, "备案公示", "The public register", _register,
          answer=Page[RegisterEntry], query=OfMatter, public=True),
    Route("GET", "/register/{code}", "lookUpFiling", REGISTER, "按查询码查备案", "What a query code tells",
          _look_up, answer=Looked, public=True, errors=(422,)),
    Route("POST", "/filings/{filing_id}/objections", "raiseObjection", TAG, "提出异议",
          "Object to a public notice", _object, answer=ObjectionView,
          body=body_of(objections.raise_objection, "RaiseObjection", ("filing_id",)), status=201),
    Route("GET", "/filings/{filing_id}/objections", "listObjections", TAG, "异议", "Objections to a filing",
          _objections, answer=list[ObjectionView]),
    Route("GET", "/objections/{objection_id}", "getObjection", TAG, "一件异议", "An objection",
          lambda call: objection_view(_find_objection(call)), answer=ObjectionView, versioned=True),
    Route("POST", "/objections/{objection_id}/erase", "eraseObjection", TAG, "依法删除异议内容",
          "Erase what was written on lawful demand", _erase_objection, answer=ObjectionView, body=Erasure,
          versioned=True),
    *steps(
        tag=TAG, path="/objections", place="objection_id", find=_find_objection,
        show=lambda _call, made: objection_view(made), answer=ObjectionView, lifecycles=[OBJECTION],
        noun="objection",
        services={
            "dismiss": ("dismiss", objections.dismiss),
            "uphold": ("uphold", objections.uphold),
            "take-back": ("take_back", objections.take_back),
        },
    ),
)  # fmt: skip
