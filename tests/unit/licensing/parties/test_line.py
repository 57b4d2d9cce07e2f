"""Under which ids a party has acted."""

from __future__ import annotations

from sqlalchemy.orm import Session

from licensing.parties.departments import succeed
from licensing.parties.ending import merge_partner
from licensing.parties.line import line_of
from licensing.ports import Context


def test_a_party_answers_for_those_that_became_part_of_it(session: Session, ctx: Context) -> None:
    assert line_of(session, "p-hill", "partner") == {"p-hill"}
    merge_partner(session, ctx, "p-river", "p-hill", basis="吸收合并协议")
    assert line_of(session, "p-hill", "partner") == {"p-hill", "p-river"}
    assert line_of(session, "p-river", "partner") == {"p-river"}
    succeed(session, ctx, "d-health", "d-police", kind="merge", basis="机构改革方案")
    succeed(session, ctx, "d-police", "d-new", kind="dissolve", basis="机构改革方案")
    assert line_of(session, "d-new", "department") == {"d-new", "d-police", "d-health"}
    assert line_of(session, "u-partner", "person") == {"u-partner"}
