"""A chain that was bent anywhere says where; an erased payload does not break it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from licensing.core.ledger.chain import START, Fault, Linked, extend, first_fault
from licensing.core.ledger.entry import Entry, canonical, commit, new_salt, opens

SALT = bytes(range(16))


def chain(length: int) -> list[Linked]:
    start = datetime(2026, 1, 5, 9, 0, tzinfo=timezone.utc)
    entries = (
        Entry(n, start + timedelta(seconds=n), "release.published", f"release-{n}", commit({"n": n}, SALT))
        for n in range(1, length + 1)
    )
    return list(extend(entries))


places = st.integers(0, 19)


def test_an_untouched_chain_holds_and_so_does_every_part_of_it() -> None:
    whole = chain(20)
    assert first_fault(whole) is None
    assert first_fault(whole[7:], before=whole[6].links, expected=8) is None
    assert first_fault([]) is None


@given(places, st.sampled_from(["at", "kind", "subject", "commitment"]))
def test_a_changed_entry_is_found_at_its_place(place: int, what: str) -> None:
    bent = chain(20)
    entry = bent[place].entry
    values = {
        "at": entry.at + timedelta(microseconds=1),
        "kind": "release.withdrawn",
        "subject": entry.subject + "x",
        "commitment": bytes([entry.commitment[0] ^ 1]) + entry.commitment[1:],
    }
    bent[place] = replace(bent[place], entry=replace(entry, **{what: values[what]}))
    assert first_fault(bent) == Fault(place + 1, "sha256")


@given(places)
def test_a_deleted_entry_leaves_a_gap(place: int) -> None:
    bent = chain(21)
    del bent[place]
    assert first_fault(bent) == Fault(place + 1, "gap")


@given(places)
def test_an_inserted_entry_is_found_at_its_place(place: int) -> None:
    bent = chain(20)
    bent.insert(place, bent[place])
    assert first_fault(bent) == Fault(place + 2, "gap")


@given(st.integers(0, 18))
def test_two_entries_that_changed_places_are_found(place: int) -> None:
    bent = chain(20)
    bent[place], bent[place + 1] = bent[place + 1], bent[place]
    assert first_fault(bent) == Fault(place + 1, "gap")


@given(places)
def test_a_changed_national_hash_alone_is_found_too(place: int) -> None:
    bent = chain(20)
    links = bent[place].links
    bent[place] = replace(bent[place], links=replace(links, sm3=links.sha256))
    assert first_fault(bent) == Fault(place + 1, "sm3")


def test_the_chain_verifies_without_any_payload_and_the_payload_opens_its_commitment() -> None:
    payload = {"reviewer": "u-17", "opinion": "同意发布"}
    salt = new_salt()
    commitment = commit(payload, salt)
    entry = Entry(1, datetime(2026, 1, 5, tzinfo=timezone.utc), "release.approved", "r", commitment)
    assert first_fault(list(extend([entry]))) is None
    assert opens(commitment, payload, salt)
    assert not opens(commitment, {**payload, "opinion": "不同意"}, salt)
    assert not opens(commitment, payload, new_salt())


def test_the_time_of_an_entry_is_one_moment_whatever_zone_it_is_written_in() -> None:
    utc = Entry(1, datetime(2026, 1, 5, 1, tzinfo=timezone.utc), "k", "s", b"c")
    china = replace(utc, at=datetime(2026, 1, 5, 9, tzinfo=timezone(timedelta(hours=8))))
    assert utc.body() == china.body()
    with pytest.raises(ValueError, match="aware"):
        replace(utc, at=datetime(2026, 1, 5)).body()


def test_a_document_has_one_spelling_and_no_float() -> None:
    assert canonical({"b": 1, "a": "值"}) == '{"a":"值","b":1}'.encode()
    with pytest.raises(TypeError, match="floating"):
        canonical({"a": [1, {"b": 0.1}]})
    with pytest.raises(TypeError, match="string keys"):
        canonical({"a": {1: 2}})
    with pytest.raises(ValueError, match="salt"):
        commit({}, b"short")


def test_the_first_entry_follows_nothing() -> None:
    (only,) = chain(1)
    assert only.links != START
