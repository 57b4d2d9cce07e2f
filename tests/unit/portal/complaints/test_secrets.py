"""Receipt codes and sealed words: what the portal keeps gives nothing away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.govdata.complaints import receipt, secret
from ckanext.govdata.storage.errors import KeyUnknown, ObjectDamaged
from ckanext.govdata.storage.keyring import Keyring

RING = Keyring.from_text(Keyring.generate("one"))


def test_a_code_is_found_however_it_is_typed() -> None:
    code = receipt.new()
    full_width = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in code)
    ways = {code, code.lower(), code.replace("-", ""), f"  {code} ", full_width}
    assert {receipt.digest(way) for way in ways} == {receipt.digest(code)}


def test_no_two_codes_are_alike_and_none_has_letters_to_mistake() -> None:
    codes = {receipt.new() for _ in range(500)}
    assert len(codes) == 500
    assert not set("".join(codes)) & set("01ILOU")


@given(st.text(max_size=200))
@pytest.mark.article("SX-22")
def test_what_is_sealed_is_read_again_and_stands_nowhere_in_plain(text: str) -> None:
    sealed = secret.seal(text, "complaint 1 words", RING)
    assert secret.open_sealed(sealed, "complaint 1 words", RING) == text
    if len(text.encode()) > 4:
        assert text.encode() not in sealed


def test_a_contact_cannot_be_moved_to_another_case_or_field() -> None:
    sealed = secret.seal("13900000000", "complaint 1 contact", RING)
    for place in ("complaint 2 contact", "complaint 1 words"):
        with pytest.raises(ObjectDamaged):
            secret.open_sealed(sealed, place, RING)


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_changed_byte_is_never_opened(place: int, change: int) -> None:
    sealed = bytearray(secret.seal("某人", "here", RING))
    sealed[place % len(sealed)] ^= change
    with pytest.raises((ObjectDamaged, KeyUnknown)):
        secret.open_sealed(bytes(sealed), "here", RING)


def test_another_installation_cannot_open_it() -> None:
    other = Keyring.from_text(Keyring.generate("two"))
    with pytest.raises(KeyUnknown):
        secret.open_sealed(secret.seal("某人", "here", RING), "here", other)
