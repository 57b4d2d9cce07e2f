"""Key-encryption keys: parsed strictly, never shown, several at a time."""

from __future__ import annotations

import base64

import pytest

from ckanext.govdata.storage.errors import KeyringInvalid, KeyUnknown, ObjectDamaged
from ckanext.govdata.storage.keyring import Keyring

KEY = base64.b64encode(bytes(range(32))).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        " , ",
        KEY,
        f":{KEY}",
        "a:",
        "a:not base64!",
        "a:" + base64.b64encode(b"short").decode(),
        f"a:{KEY},a:{KEY}",
        f"a b:{KEY}",
        "钥:" + KEY,
        "x" * 33 + ":" + KEY,
    ],
)
def test_a_malformed_setting_is_refused(text: str) -> None:
    with pytest.raises(KeyringInvalid) as caught:
        Keyring.from_text(text)
    assert KEY not in str(caught.value)
    assert KEY not in caught.value.zh


def test_without_a_setting_there_is_no_keyring() -> None:
    with pytest.raises(KeyringInvalid):
        Keyring.from_environment({})


def test_the_first_key_is_current() -> None:
    ring = Keyring.from_text(f"new:{KEY}, {Keyring.generate('old')}")
    assert ring.current == "new"
    assert ring.ids == {"new", "old"}


def test_a_generated_entry_is_accepted_and_differs_each_time() -> None:
    one, two = Keyring.generate("k1"), Keyring.generate("k1")
    assert one != two
    assert Keyring.from_text(one).current == "k1"


def test_the_representation_holds_no_key() -> None:
    assert KEY not in repr(Keyring.from_text(f"a:{KEY}"))
    assert str(bytes(range(32))) not in repr(Keyring.from_text(f"a:{KEY}"))


def test_what_is_wrapped_is_unwrapped() -> None:
    ring = Keyring.from_text(Keyring.generate("a"))
    key_id, wrapped = ring.wrap(b"k" * 32, b"context")
    assert ring.unwrap(key_id, wrapped, b"context") == b"k" * 32


def test_wrapping_is_bound_to_its_context() -> None:
    ring = Keyring.from_text(Keyring.generate("a"))
    key_id, wrapped = ring.wrap(b"k" * 32, b"one object")
    with pytest.raises(ObjectDamaged):
        ring.unwrap(key_id, wrapped, b"another object")


def test_a_key_of_the_same_name_but_other_content_opens_nothing() -> None:
    key_id, wrapped = Keyring.from_text(Keyring.generate("a")).wrap(b"k" * 32, b"")
    with pytest.raises(ObjectDamaged):
        Keyring.from_text(Keyring.generate("a")).unwrap(key_id, wrapped, b"")


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(KeyUnknown, match="retired"):
        Keyring.from_text(Keyring.generate("a")).unwrap("retired", bytes(60), b"")
