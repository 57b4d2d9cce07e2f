"""What was written in a case can be erased, and the ledger verifies as before."""

from __future__ import annotations

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from licensing.applications import acceptance, papers, service
from licensing.applications.erasure import erase_case
from licensing.attachments.models import Attachment
from licensing.core.errors import Conflict, InvalidInput, NotFound, NotPermitted
from licensing.core.ledger.checkpoint import Ed25519Signer, TrustedKeys
from licensing.core.ledger.payloads import verify_payloads
from licensing.core.ledger.sequencer import run_once
from licensing.core.ledger.verify import verify
from licensing.core.store.base import load_models
from licensing.core.store.events import history
from licensing.core.store.step import load
from licensing.ports import Context
from tests.factories.cases import as_, draft, new_case, refused, submitted
from tests.factories.licensing_world import SettableTime

NAME, BASIS = "司马光华", "个人信息保护法第四十七条"


def everything(session: Session) -> str:
    there = set(inspect(session.connection()).get_table_names())
    tables = [table for name, table in load_models().tables.items() if name in there]
    return "\n".join(str(row) for table in tables for row in session.execute(select(table)))


def test_the_texts_of_an_ended_case_are_gone_and_the_ledger_holds(
    session: Session, ctx: Context, time: SettableTime
) -> None:
    signer = Ed25519Signer.generate()
    asked = new_case(session, ctx, content=draft(grounds=f"因{NAME}一案需要核验"))
    applicant = as_(session, ctx, "u-applicant")
    paper = {"kind": "other", "name": f"{NAME}.png", "content": b"\x89PNG\r\n\x1a\n"}
    kept = papers.attach(session, applicant, asked.id, **paper)
    case = service.submit(session, applicant, asked.id)
    acceptance.reject(session, as_(session, ctx, "u-platform"), case.id, reason=f"{NAME}一案已结")
    run_once(session, signer, time)
    session.commit()
    assert NAME in everything(session)
    assert erase_case(session, ctx, case.id, basis=BASIS) > 0
    run_once(session, signer, time)
    session.commit()
    assert NAME not in everything(session)
    with pytest.raises(NotFound):
        load(session, Attachment, kept.id)
    assert verify(session, TrustedKeys([signer.public_pem()])).holds
    assert verify_payloads(session) is None
    assert [event.action for event in history(session, case.id)] == ["create", "submit", "reject", "erasure"]


def test_a_case_that_is_open_keeps_its_texts(session: Session, ctx: Context) -> None:
    with pytest.raises(Conflict):
        erase_case(session, ctx, refused(session, ctx).id, basis=BASIS)


def test_only_the_administrator_erases_and_only_with_a_basis(session: Session, ctx: Context) -> None:
    case = submitted(session, ctx)
    acceptance.reject(session, as_(session, ctx, "u-platform"), case.id, reason="不属受理范围")
    with pytest.raises(NotPermitted):
        erase_case(session, as_(session, ctx, "u-platform"), case.id, basis=BASIS)
    with pytest.raises(InvalidInput):
        erase_case(session, ctx, case.id, basis=" ")
