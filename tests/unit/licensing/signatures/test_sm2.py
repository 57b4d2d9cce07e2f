"""SM2 with SM3: what we sign OpenSSL verifies, what OpenSSL signs we verify."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licensing.signatures import sm2
from licensing.signatures.errors import SignatureRefused

OPTIONS = ["-rawin", "-digest", "sm3", "-pkeyopt", "distid:1234567812345678"]
ORDER = int("FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123", 16)


def run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").write_bytes("数据开发利用协议".encode() * 40)
    return tmp_path


def test_openssl_verifies_our_signature(folder: Path) -> None:
    key = sm2.PrivateKey.generate()
    (folder / "sig").write_bytes(key.sign((folder / "data").read_bytes()))
    (folder / "public.pem").write_bytes(key.public.to_pem())
    told = run(
        folder,
        "pkeyutl",
        "-verify",
        *OPTIONS,
        "-pubin",
        "-inkey",
        "public.pem",
        "-in",
        "data",
        "-sigfile",
        "sig",
    )
    assert "Signature Verified Successfully" in told


def test_we_verify_what_openssl_signs(folder: Path) -> None:
    run(folder, "genpkey", "-algorithm", "SM2", "-out", "key.pem")
    run(folder, "pkey", "-in", "key.pem", "-pubout", "-out", "public.pem")
    run(folder, "pkeyutl", "-sign", *OPTIONS, "-inkey", "key.pem", "-in", "data", "-out", "sig")
    public = sm2.PublicKey.from_pem((folder / "public.pem").read_bytes())
    signature = (folder / "sig").read_bytes()
    assert sm2.verify(public, (folder / "data").read_bytes(), signature)
    assert not sm2.verify(public, (folder / "data").read_bytes() + b" ", signature)
    assert sm2.PrivateKey.from_pem((folder / "key.pem").read_bytes()).public == public


@settings(max_examples=15, deadline=None)
@given(number=st.integers(1, ORDER - 2), data=st.binary(max_size=200))
def test_every_key_verifies_its_own_signature_and_no_other(number: int, data: bytes) -> None:
    key = sm2.PrivateKey(number)
    signature = key.sign(data)
    assert sm2.verify(key.public, data, signature)
    assert not sm2.verify(key.public, data + b"\x00", signature)
    assert not sm2.verify(sm2.PrivateKey(number % (ORDER - 3) + 1).public, data, signature) or number == 1


@pytest.mark.parametrize("leading", ["04", "00", "44"])
def test_a_key_that_begins_with_zeros_and_fours_is_read_whole(leading: str) -> None:
    number = next(n for n in range(1, 4000) if sm2.PrivateKey(n).public.point.hex().startswith(leading))
    key = sm2.PrivateKey(number)
    assert sm2.PublicKey.from_pem(key.public.to_pem()) == key.public
    assert sm2.verify(key.public, b"data", key.sign(b"data"))


def test_two_signatures_of_one_text_differ() -> None:
    key = sm2.PrivateKey.generate()
    assert key.sign(b"data") != key.sign(b"data")


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        b"\x30\x06\x02\x01\x00\x02\x01\x00",
        b"\x30\x06\x02\x01\x01\x02\x01\x00",
        b"\x30\x06\x02\x01\xff\x02\x01\x01",
        b"\x30\x07\x02\x02\x00\x01\x02\x01\x01",
    ],
)
def test_a_signature_out_of_range_or_otherwise_encoded_is_none(signature: bytes) -> None:
    assert not sm2.verify(sm2.PrivateKey(7).public, b"data", signature)


def test_a_point_off_the_curve_is_no_key() -> None:
    point = bytearray(sm2.PrivateKey(7).public.point)
    point[-1] ^= 1
    with pytest.raises(SignatureRefused):
        sm2.PublicKey(bytes(point))


def test_a_private_key_does_not_show_itself() -> None:
    assert "1234567" not in repr(sm2.PrivateKey(1234567))


@pytest.mark.parametrize(
    "data", [b"", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", b"x" * 99]
)
def test_what_is_no_sm2_key_is_refused_with_a_sentence(data: bytes) -> None:
    for read in (sm2.PublicKey.from_pem, sm2.PrivateKey.from_pem):
        with pytest.raises(SignatureRefused, match="SM2"):
            read(data)
