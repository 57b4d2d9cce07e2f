"""Reports of errors driven by random legal and illegal steps."""

from __future__ import annotations

import os
from types import MappingProxyType

import pytest
from sqlalchemy.orm import Session

from licensing.core.store.base import Stored
from licensing.corrections import service
from licensing.corrections.lifecycle import LIFECYCLE
from licensing.corrections.models import Correction
from licensing.ports import Context
from tests.factories.cases import as_, settle
from tests.unit.licensing.machine import CaseMachine, Service, drive

pytestmark = pytest.mark.slow


def simple(function: object) -> Service:
    def act(session: Session, ctx: Context, case: Correction, reason: str, version: int | None) -> object:
        return function(session, ctx, case.id, if_version=version)  # type: ignore[operator]

    return act


def worded(function: object, word: str = "reason") -> Service:
    def act(session: Session, ctx: Context, case: Correction, reason: str, version: int | None) -> object:
        return function(session, ctx, case.id, if_version=version, **{word: reason})  # type: ignore[operator]

    return act


class CorrectionMachine(CaseMachine):
    lifecycle = LIFECYCLE
    services = MappingProxyType(
        {
            "verify": simple(service.verify),
            "ask": worded(service.ask),
            "reply": worded(service.reply),
            "correct": worded(service.correct, "answer"),
            "explain": worded(service.explain, "answer"),
            "reopen": worded(service.reopen),
            "close": worded(service.close),
            "withdraw": worded(service.withdraw),
        }
    )

    def prepare(self, session: Session) -> None:
        settle(session, self.ctx)

    def create(self, session: Session, ctx: Context) -> Stored:
        acting = as_(session, ctx, "u-applicant")
        return service.report(
            session, acting, reporter_kind="department", reporter_id="d-health", dataset_id="records",
            place="第 12 行", description="地点与实际不符",
        )  # fmt: skip


def test_a_report_goes_no_way_that_its_table_does_not_know() -> None:
    counted = drive(CorrectionMachine, int(os.environ.get("LICENSING_STEPS", "250")))
    assert counted["refused"] > 0
    reached = {name.removeprefix("state:") for name in counted if name.startswith("state:")}
    assert reached <= set(LIFECYCLE.states)
    assert len(reached) > 3, "the machine hardly moves"
