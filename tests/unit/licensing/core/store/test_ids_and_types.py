"""Ids sort by their making; stored times are aware; digests are digests."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, create_engine, insert, select
from sqlalchemy.exc import StatementError

from licensing.core.errors import InvalidInput
from licensing.core.store import ids
from licensing.core.store.ids import new_id
from licensing.core.store.text import refuse_unstorable
from licensing.core.store.types import Sha256, UtcDateTime

ENGINE = create_engine("sqlite://")
TABLE = Table("t", MetaData(), Column("at", UtcDateTime), Column("digest", Sha256))
TABLE.create(ENGINE)


def test_ids_are_of_version_7_and_sort_in_the_order_of_their_making(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "_last", 0)  # other tests of this process travel to other years
    made = [new_id() for _ in range(10_000)]
    assert made == sorted(set(made))
    parsed = uuid.UUID(made[0])
    assert (parsed.version, parsed.variant) == (7, uuid.RFC_4122)
    age = datetime.now(timezone.utc).timestamp() - (parsed.int >> 80) / 1000
    assert -5 < age < 600


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(-12, 14))
def test_a_time_comes_back_as_the_same_moment_in_utc(moment: datetime, hours: int) -> None:
    aware = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    with ENGINE.connect() as connection:
        connection.execute(insert(TABLE).values(at=aware))
        back = connection.scalar(select(TABLE.c.at))
    assert back == aware
    assert back.tzinfo is timezone.utc


def test_a_naive_time_and_a_false_digest_are_refused() -> None:
    with ENGINE.connect() as connection:
        with pytest.raises(StatementError, match="zone"):
            connection.execute(insert(TABLE).values(at=datetime(2026, 1, 1)))
        for wrong in ("0" * 63, "A" * 64, "g" * 64):
            with pytest.raises(StatementError, match="64 lower-case"):
                connection.execute(insert(TABLE).values(digest=wrong))
        connection.execute(insert(TABLE).values(digest="0a" * 32))


@pytest.mark.parametrize("value", ["a\x00", {"a": ["\ud800"]}, {"\x00": 1}, ("a", {"b": "\udfff"})])
def test_what_cannot_be_stored_is_found_anywhere_in_a_document(value: object) -> None:
    with pytest.raises(InvalidInput):
        refuse_unstorable(value)


def test_any_other_text_is_storable() -> None:
    refuse_unstorable({"a": ["𠮷田", "\n\t", 1, None, True, {"b": ""}]})
