"""Keys are found, checked, derived and forgotten, and shown nowhere."""

from __future__ import annotations

import base64
import pickle
import secrets
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.keys import KeyInvalid, KeyRing, derive, key_files, read_key_file

KEY = bytes(range(32))
OTHER = bytes(range(100, 132))


def key_file(folder: Path, content: str, mode: int = 0o600) -> Path:
    path = folder / "a.key"
    path.write_text(content)
    path.chmod(mode)
    return path


@pytest.mark.parametrize(
    "content", [KEY.hex(), KEY.hex().upper() + "\n", base64.b64encode(KEY).decode() + "\n"]
)
def test_a_key_file_holds_hexadecimal_digits_or_base64(tmp_path: Path, content: str) -> None:
    assert read_key_file(key_file(tmp_path, content), "a") == KEY
    assert key_files((f"a={tmp_path / 'a.key'}",)) == {"a": KEY}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(KeyInvalid, match="chmod 600"):
        read_key_file(key_file(tmp_path, KEY.hex(), mode), "a")


@pytest.mark.parametrize("content", ["", "secret-passphrase-1234", KEY.hex()[:-2], "00" * 32, "zz" * 32])
def test_what_is_no_random_key_is_refused_and_not_repeated(tmp_path: Path, content: str) -> None:
    with pytest.raises(KeyInvalid) as caught:
        read_key_file(key_file(tmp_path, content), "a")
    assert not content or content not in str(caught.value) + caught.value.zh


@pytest.mark.parametrize("options", [("a",), ("a=",), ("A=x",), ("release=x",)])
def test_an_option_names_a_key_and_a_file(options: tuple[str, ...]) -> None:
    with pytest.raises(KeyInvalid):
        key_files(options)


def test_a_key_typed_in_place_of_a_name_is_not_repeated() -> None:
    with pytest.raises(KeyInvalid) as caught:
        key_files((KEY.hex(),))
    assert KEY.hex() not in str(caught.value)


def test_a_named_key_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANONYMIZE_KEY_CLINIC_A", OTHER.hex())
    ring = KeyRing(KEY).bind("clinic-a")
    assert ring.lasting
    assert ring.derive("x") == derive(OTHER, "x")


def test_a_key_that_is_nowhere_is_named_with_the_variable_to_set() -> None:
    with pytest.raises(KeyInvalid, match="ANONYMIZE_KEY_NOWHERE"):
        KeyRing().bind("nowhere")


def test_what_must_be_fresh_never_comes_from_a_lasting_key() -> None:
    ring = KeyRing(KEY, {"a": OTHER}).bind("a")
    assert ring.derive("noise") != ring.derive("noise", fresh=True) == derive(KEY, "noise")
    again = KeyRing(None, {"a": OTHER}).bind("a")
    assert again.derive("noise") == ring.derive("noise")
    assert again.derive("noise", fresh=True) != ring.derive("noise", fresh=True)


@given(st.text(max_size=20), st.text(max_size=20))
def test_other_purposes_get_other_keys(one: str, two: str) -> None:
    assert (derive(KEY, one) == derive(KEY, two)) == (one == two)


def test_the_derivation_is_hkdf_of_rfc_5869() -> None:
    import hashlib
    import hmac

    extracted = hmac.digest(bytes(32), KEY, hashlib.sha256)
    assert derive(KEY, "x") == hmac.digest(extracted, b"anonymize/x\x01", hashlib.sha256)


def test_two_rings_without_a_key_share_nothing() -> None:
    assert KeyRing().derive("x") != KeyRing().derive("x")


def test_a_forgotten_ring_derives_nothing() -> None:
    ring = KeyRing(secrets.token_bytes(32), {"a": OTHER}).bind("a")
    ring.forget()
    with pytest.raises(KeyInvalid):
        ring.derive("x")
    with pytest.raises(KeyInvalid):
        ring.derive("x", fresh=True)


def test_a_ring_can_be_sent_and_shows_no_key() -> None:
    ring = KeyRing(KEY, {"a": OTHER}).bind("a")
    assert pickle.loads(pickle.dumps(ring)).derive("x") == ring.derive("x")  # noqa: S301
    for shown in (repr(ring), str(ring)):
        assert "a" in shown
        for key in (KEY, OTHER):
            assert key.hex() not in shown
            assert repr(key)[2:20] not in shown
