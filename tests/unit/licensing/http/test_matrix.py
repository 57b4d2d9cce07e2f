"""Every cell of the printed matrix: allowed or refused as the page says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone

import pytest

from licensing.core.errors import NotPermitted, TransitionRefused
from licensing.core.lifecycle import Event, advance
from licensing.http.registry import subjects
from tests.factories.matrix_page import LETTERS, MARK, NOBODY, PAGE, body, cells


@dataclass
class Subject:
    id: str
    status: str


def test_the_page_is_that_of_the_tables() -> None:
    assert PAGE.read_text("utf-8").partition(MARK)[2].strip() == body().strip()


def test_every_role_of_the_tables_has_its_letter() -> None:
    named = {role for kind in subjects().values() for row in kind.lifecycle.transitions for role in row.roles}
    assert named <= set(LETTERS)
    assert len(set(LETTERS.values())) == len(LETTERS)


@pytest.mark.parametrize("name", sorted(subjects()))
def test_every_cell_is_allowed_or_refused_as_it_is_printed(name: str) -> None:
    lifecycle = subjects()[name].lifecycle
    printed = [cell for cell in cells(PAGE.read_text("utf-8")) if cell[0] == name]
    assert len(printed) == len(lifecycle.states) * len(lifecycle.actions)
    for _, state, action, letters in printed:
        for role, letter in LETTERS.items():
            subject, written = Subject("x", state), list[Event]()
            outcome = attempt(lifecycle, subject, action, role, written)
            expected = (
                TransitionRefused
                if letters == NOBODY
                else None
                if letter in letters.split()
                else NotPermitted
            )
            assert outcome is expected, (state, action, role)
            assert bool(written) is (expected is None)
            assert (subject.status == state) or expected is None


def attempt(
    lifecycle: object, subject: Subject, action: str, role: str, written: list[Event]
) -> type[Exception] | None:
    """The error that the step ends with; None when it is taken."""
    try:
        advance(
            lifecycle,  # type: ignore[arg-type]
            subject,
            action,
            actor="somebody",
            roles=frozenset({role}),
            at=datetime(2026, 3, 2, tzinfo=timezone.utc),
            record=written.append,
            reason="because",
        )
    except (NotPermitted, TransitionRefused) as error:
        return type(error)
    return None
