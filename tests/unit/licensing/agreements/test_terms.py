"""Terms as data: strict about types, the same digest for the same content."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from licensing.agreements.parties import parse_parties
from licensing.agreements.terms import ITEMS, parse_terms
from licensing.core.errors import InvalidInput
from tests.factories.agreements import changed, filled


def test_there_are_thirteen_items() -> None:
    assert len(ITEMS) == 13


def test_terms_come_back_from_plain_data_with_the_same_digest() -> None:
    terms, parties, _ = filled()
    again = parse_terms(terms.as_dict())
    assert again == terms
    assert again.sha256() == terms.sha256()
    assert parse_parties(parties.as_dict()) == parties


def test_another_content_has_another_digest() -> None:
    terms, _, _ = filled()
    assert changed(terms, "purpose.text", "别的用途").sha256() != terms.sha256()


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("term.last_day", "not a day", "$.term.last_day"),
        ("mode.mode", "usb stick", "$.mode.mode"),
        ("mode.daily_quota", -1, "$.mode.daily_quota"),
        ("income.share_permille", 1001, "$.income.share_permille"),
        ("purpose.text", "长" * 4001, "$.purpose.text"),
        ("data.0.fields.0.secret_key", "x", "$.data[0].fields[0]"),
    ],
)
def test_ill_typed_terms_are_refused_by_place_and_never_by_value(path: str, value: Any, where: str) -> None:
    terms, _, _ = filled()
    with pytest.raises(InvalidInput) as caught:
        changed(terms, path, value)
    assert where in caught.value.en
    assert str(value)[:20] not in caught.value.en.replace(where, "")


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"])
def test_text_that_no_database_can_store_is_refused(text: str) -> None:
    terms, parties, _ = filled()
    with pytest.raises(InvalidInput):
        changed(terms, "purpose.text", text)
    details = msgspec.to_builtins(parties)
    details["applicant"]["name"] = text
    with pytest.raises(InvalidInput):
        parse_parties(details)


@pytest.mark.parametrize("data", [None, [], "terms", {"kind": "other"}, {}])
def test_what_is_no_terms_at_all_is_refused(data: object) -> None:
    with pytest.raises(InvalidInput):
        parse_terms(data)
    with pytest.raises(InvalidInput):
        parse_parties(data)
