"""Objections during the public notice: anybody may raise one, each is answered with reasons."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.clock import china_day
from licensing.core.errors import InvalidInput, NotPermitted
from licensing.core.ledger.store import erase
from licensing.core.store.step import amend, begin, claim, load, step
from licensing.core.store.text import refuse_unstorable
from licensing.filings.errors import FilingRefused
from licensing.filings.lifecycle import IN_NOTICE, OBJECTION
from licensing.filings.models import Filing, Objection
from licensing.filings.service import notice_ends
from licensing.ports import ADMINISTRATOR, Context

MAX_CHARACTERS = 4000


def raise_objection(session: Session, ctx: Context, filing_id: str, statement: str) -> Objection:
    """Object to a filing whose public notice runs.

    Raises:
        InvalidInput: no statement, or a too long one.
        FilingRefused: it is not in public notice, or the notice has ended.
    """
    refuse_unstorable(statement)
    if not 0 < len(statement.strip()) <= MAX_CHARACTERS:
        raise InvalidInput(
            "请写明异议内容（{limit} 字以内）。",
            "State what you object to, in at most {limit} characters.",
            limit=MAX_CHARACTERS,
        )
    filing = load(session, Filing, filing_id)
    claim(session, filing)
    last = notice_ends(session, filing)
    if filing.status != IN_NOTICE or last is None or china_day(ctx.time.now()) > last:
        raise FilingRefused("该备案不在公示期内。", "The filing is not in its public notice.")
    objection = Objection(
        filing_id=filing_id, raised_by=ctx.principal.id, statement=statement.strip(), answer=""
    )
    return begin(session, ctx, OBJECTION, objection, payload={"filing": filing_id})


def dismiss(
    session: Session, ctx: Context, objection_id: str, *, reason: str, if_version: int | None = None
) -> Objection:
    """The objection does not stand."""
    return _answer(session, ctx, objection_id, "dismiss", reason, if_version)


def uphold(
    session: Session, ctx: Context, objection_id: str, *, reason: str, if_version: int | None = None
) -> Objection:
    """The objection stands: the filing cannot be registered any more, only refused or withdrawn."""
    return _answer(session, ctx, objection_id, "uphold", reason, if_version)


def take_back(
    session: Session, ctx: Context, objection_id: str, *, if_version: int | None = None
) -> Objection:
    """Whoever raised it takes it back."""
    objection = load(session, Objection, objection_id)
    return step(session, ctx, OBJECTION, objection, "take_back", if_version=if_version)


def objections_of(session: Session, filing_id: str) -> list[Objection]:
    """Every objection to a filing, first to last."""
    query = select(Objection).where(Objection.filing_id == filing_id).order_by(Objection.id)
    return list(session.scalars(query))


def erase_statement(
    session: Session, ctx: Context, objection_id: str, *, basis: str, if_version: int | None = None
) -> Objection:
    """Empty what was written in an answered objection, here and in the ledger, on lawful demand.

    Raises:
        NotPermitted: the caller is not the administrator.
        FilingRefused: it is still to be answered. InvalidInput: no basis.
    """
    if ADMINISTRATOR not in ctx.principal.roles:
        raise NotPermitted("只有政务信息管理部门可以依法删除。", "Only the administrator may erase.")
    objection = load(session, Objection, objection_id)
    claim(session, objection, if_version)
    if objection.status not in OBJECTION.dead_ends():
        raise FilingRefused("异议尚未处理完毕。", "The objection is still to be answered.")
    amend(session, ctx, OBJECTION.name, objection, "erasure", {"statement": "", "answer": ""})
    erase(session, ctx, objection.id, basis)
    return objection


def _answer(
    session: Session, ctx: Context, objection_id: str, action: str, reason: str, if_version: int | None
) -> Objection:
    objection = load(session, Objection, objection_id)
    return step(
        session, ctx, OBJECTION, objection, action, reason, if_version=if_version,
        changes={"answer": reason.strip()},
    )  # fmt: skip
