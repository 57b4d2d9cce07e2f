"""Tables that no rule was written for: nothing survives, nothing is changed for nothing, no row is lost."""

from __future__ import annotations

from itertools import cycle
from random import Random

import pytest

from tests.factories import held_back, held_back_four, held_back_three, held_back_two
from tests.factories.held_back import HELD_BACK
from tests.factories.held_back_four import HELD_BACK_FOUR
from tests.factories.held_back_three import HELD_BACK_THREE, SOURCE
from tests.factories.held_back_two import HELD_BACK_TWO
from tests.factories.judge import FORMATS, Judgement, judge
from tests.factories.truth import leaks

HARMLESS = {"k_too_small", "too_many_unique", "grade_too_low"}
SHAPES = {"one": HELD_BACK, "two": HELD_BACK_TWO, "three": HELD_BACK_THREE, "four": HELD_BACK_FOUR}
CASES = [(name, table) for name, shapes in SHAPES.items() for table in shapes]
TURNS = [(*case, SOURCE.get(case[1], form)) for case, form in zip(CASES, cycle(FORMATS))]
"""Each table in one format, its own where it has one; ``bench_tables`` runs the others in both."""
ROWS = 60


@pytest.mark.article("SX-15")
@pytest.mark.parametrize(("name", "table", "form"), TURNS)
def test_a_held_back_table_leaks_nothing_and_loses_nothing(name: str, table: str, form: str) -> None:
    found: Judgement = judge(SHAPES[name][table], f"test {name} {table}", ROWS, form)
    assert (found.leaking, found.changed, found.lost) == ((), (), 0)
    assert set(found.blocked) <= HARMLESS, "only the policy's risk bounds may hold a clean result back"


def test_each_set_has_the_tables_that_were_asked_for() -> None:
    for module in (held_back, held_back_two, held_back_three):
        assert len(module.PERSONAL_COLUMNS) == 28
        assert len(module.IMPERSONAL_COLUMNS) == 12
    assert len(held_back_four.PERSONAL_COLUMNS) == 16
    assert len(held_back_four.IMPERSONAL_COLUMNS) == 12
    assert len({name for shapes in SHAPES.values() for name in shapes}) == len(CASES)


@pytest.mark.parametrize(("name", "table"), CASES)
def test_the_judge_sees_the_persons_of_an_untouched_table(name: str, table: str) -> None:
    """Guards the guard: where a table is about persons, most of its rows leak when nothing is done."""
    made = SHAPES[name][table](Random(table), 30)
    told = [number for number, secrets in enumerate(made.secrets) if secrets]
    shown = {int(place.split(",")[0][4:]) for place in leaks(made, made.header, made.rows)}
    assert set(told) <= shown
