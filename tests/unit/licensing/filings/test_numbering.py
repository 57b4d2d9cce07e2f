"""Numbers without gaps, and codes that show a slip of the pen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from licensing.core.errors import InvalidInput
from licensing.core.rules import RULE_SETS
from licensing.filings.numbering import new_code, number_rule, read_code, take_serial

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@pytest.mark.parametrize("name", RULE_SETS)
def test_every_rule_set_has_a_rule_of_numbers_that_tells_years_and_serials_apart(name: str) -> None:
    rule = number_rule(name)
    written = {rule.write(year, serial) for year in (2026, 2027) for serial in (1, 2, 99999, 100000)}
    assert len(written) == 8
    assert len({rule.write(2026, 1) for rule in map(number_rule, RULE_SETS)}) == len(RULE_SETS)


def test_no_number_is_given_where_no_rule_is() -> None:
    with pytest.raises(InvalidInput):
        number_rule("atlantis")


def test_each_year_and_each_jurisdiction_counts_from_one(session: Session) -> None:
    taken = [take_serial(session, place, year) for place, year in [("hubei", 2026), ("hubei", 2026)]]
    assert taken == [1, 2]
    assert take_serial(session, "hubei", 2027) == 1
    assert take_serial(session, "shanxi", 2026) == 1
    assert take_serial(session, "hubei", 2026) == 3


def test_a_rollback_gives_the_number_back(session: Session) -> None:
    assert take_serial(session, "hubei", 2026) == 1
    session.commit()
    assert take_serial(session, "hubei", 2026) == 2
    session.rollback()
    assert take_serial(session, "hubei", 2026) == 2


def test_a_code_is_read_as_people_type_it() -> None:
    code = new_code()
    assert read_code(code) == code
    assert read_code(code.lower().replace("-", " ")) == code
    assert read_code(code.replace("1", "l").replace("0", "o")) == code
    assert len({new_code() for _ in range(200)}) == 200


@given(st.integers(0, 15), st.integers(1, 31))
def test_one_wrong_character_is_found(place: int, distance: int) -> None:
    body = list(new_code().replace("-", ""))
    body[place] = SIGNS[(SIGNS.index(body[place]) + distance) % 32]
    with pytest.raises(InvalidInput):
        read_code("".join(body))


@given(st.text())
def test_anything_else_is_no_code(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_code(text)
