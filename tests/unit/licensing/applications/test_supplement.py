"""What a form is told of gaps, what a supplement changed, what a line of a list says, what people write."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from licensing.applications import messages, records, service
from licensing.applications.erasure import erase_case
from licensing.applications.errors import ApplicationIncomplete
from licensing.applications.views import summaries
from licensing.core.errors import InvalidInput, NotPermitted, TransitionRefused
from licensing.ports import Context
from tests.factories.cases import accepted, as_, draft, new_case, submitted


def test_every_gap_of_an_application_is_told_with_its_place(session: Session, ctx: Context) -> None:
    case = new_case(session, ctx, content=draft(purpose=" ", system=""))
    with pytest.raises(ApplicationIncomplete) as told:
        service.submit(session, as_(session, ctx, "u-applicant"), case.id)
    assert [part.pointer for part in told.value.parts()] == ["/purpose", "/system"]
    assert told.value.parts()[0].zh == "请填写使用用途。"


def test_what_a_supplement_changed_is_on_record_and_goes_with_an_erasure(
    session: Session, ctx: Context
) -> None:
    case, applicant = submitted(session, ctx), as_(session, ctx, "u-applicant")
    service.ask_supplement(session, as_(session, ctx, "u-platform"), case.id, reason="写明用途")
    before = service.draft_of(session, case)
    service.supplement(session, applicant, case.id, draft(purpose="核验优惠，每日一次"), reason="已补")
    row = records.latest(session, case.id, records.SUPPLEMENT)
    assert row is not None
    assert row.data["purpose"] == [before.purpose, "核验优惠，每日一次"]
    assert "grounds" not in row.data
    service.withdraw(session, applicant, case.id)
    erase_case(session, ctx, case.id, basis="个人信息保护法第四十七条")
    session.refresh(row)
    assert row.data == {}


def test_lines_of_a_list_say_whose_they_are_and_what_runs(session: Session, ctx: Context) -> None:
    open_case, idle = submitted(session, ctx), new_case(session, ctx, "opening")
    first, second = summaries(session, ctx, [open_case, idle])
    assert (first["provider_name"], first["datasets"]) == ("d-transport 局", ["records"])
    assert first["clock"]["rule"] == "application.conformity"
    assert (second["provider_name"], second["clock"]) == ("", None)
    assert summaries(session, ctx, []) == []


@pytest.mark.article("HB-18")
def test_both_sides_write_to_each_other_and_nobody_else_does(session: Session, ctx: Context) -> None:
    case = accepted(session, ctx)
    for who in ("u-applicant", "u-provider", "u-platform"):
        messages.say(session, as_(session, ctx, who), case.id, reason="请说明保存期限")
    assert case.status == "accepted"
    with pytest.raises(NotPermitted):
        messages.say(session, as_(session, ctx, "u-other-provider"), case.id, reason="我也想知道")
    with pytest.raises(TransitionRefused):
        messages.say(session, as_(session, ctx, "u-provider"), case.id, reason=" ")
    with pytest.raises(InvalidInput):
        messages.say(session, as_(session, ctx, "u-provider"), case.id, reason="长" * 4001)
