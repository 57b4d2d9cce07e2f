"""SM2 signatures with SM3 (GB/T 32918.2-2016, GB/T 32905-2016): the national suite.

Curve arithmetic is that of ``gmssl``; around it stand the checks that a verifier owes and a random number
that is worthy of the name. Keys and certificates are read as OpenSSL writes them (``openssl genpkey
-algorithm SM2``), and OpenSSL verifies what is signed here (``openssl pkeyutl -verify -rawin -digest
sm3``).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from asn1crypto import algos, core, keys, pem
from gmssl.sm2 import CryptSM2, default_ecc_table

from licensing.signatures.errors import SignatureRefused

DISTINGUISHED_ID = b"1234567812345678"
"""The signer's distinguishing identifier (可辨别标识) that GM/T 0009 sets where the parties agree on none."""
CURVE = "1.2.156.10197.1.301"
_N = int(default_ecc_table["n"], 16)
_P = int(default_ecc_table["p"], 16)
_A = int(default_ecc_table["a"], 16)
_B = int(default_ecc_table["b"], 16)
_G = bytes.fromhex(default_ecc_table["g"])
_COORDINATE = 32
keys.NamedCurve.register("sm2p256v1", CURVE, _COORDINATE)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A point of the curve: two coordinates of 32 bytes.

    Raises:
        SignatureRefused: the point does not lie on the curve.
    """

    point: bytes

    def __post_init__(self) -> None:
        x, y = (int.from_bytes(self.point[i : i + _COORDINATE], "big") for i in (0, _COORDINATE))
        on_curve = (y * y - (x * x * x + _A * x + _B)) % _P == 0
        if len(self.point) != 2 * _COORDINATE or x >= _P or y >= _P or not on_curve:
            raise SignatureRefused("SM2 公钥不成立。", "The SM2 public key does not hold.")

    @classmethod
    def from_pem(cls, data: bytes) -> PublicKey:
        """Read a SubjectPublicKeyInfo (``openssl pkey -pubout``)."""
        try:
            info = keys.PublicKeyInfo.load(pem.unarmor(data)[2], strict=True)
            return cls.from_info(info)
        except (ValueError, TypeError, KeyError) as error:
            raise _not_sm2() from error

    @classmethod
    def from_info(cls, info: keys.PublicKeyInfo) -> PublicKey:
        """Out of a certificate."""
        parameters = info["algorithm"]["parameters"]
        if parameters.chosen.dotted != CURVE:
            raise _not_sm2()
        encoded: bytes = info["public_key"].contents[1:]
        if encoded[:1] != b"\x04":
            raise _not_sm2()
        return cls(encoded[1:])

    def info(self) -> keys.PublicKeyInfo:
        """As a certificate or a PEM file holds it."""
        return keys.PublicKeyInfo(
            {
                "algorithm": {
                    "algorithm": "ec",
                    "parameters": keys.ECDomainParameters(name="named", value=CURVE),
                },
                "public_key": keys.ECPointBitString(b"\x04" + self.point),
            }
        )

    def to_pem(self) -> bytes:
        armored: bytes = pem.armor("PUBLIC KEY", self.info().dump())
        return armored


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """The signer's key; it lives where the signer is, never on the server."""

    number: int

    def __repr__(self) -> str:
        return "PrivateKey(…)"

    @classmethod
    def generate(cls) -> PrivateKey:
        return cls(secrets.randbelow(_N - 2) + 1)

    @classmethod
    def from_pem(cls, data: bytes) -> PrivateKey:
        """Read an unencrypted PKCS#8 key (``openssl genpkey -algorithm SM2``)."""
        try:
            info = keys.PrivateKeyInfo.load(pem.unarmor(data)[2], strict=True)
            if info["private_key_algorithm"]["parameters"].chosen.dotted != CURVE:
                raise _not_sm2()
            number: int = info["private_key"].parsed["private_key"].native
        except (ValueError, TypeError, KeyError) as error:
            raise _not_sm2() from error
        return cls(number)

    def to_pem(self) -> bytes:
        inner = keys.ECPrivateKey(
            {
                "version": 1,
                "private_key": self.number,
                "public_key": keys.ECPointBitString(b"\x04" + self.public.point),
            }
        )
        inner["private_key"].set_encoded_width(_COORDINATE)
        info = keys.PrivateKeyInfo(
            {
                "version": 0,
                "private_key_algorithm": {
                    "algorithm": "ec",
                    "parameters": keys.ECDomainParameters(name="named", value=CURVE),
                },
                "private_key": core.ParsableOctetString(inner.dump()),
            }
        )
        armored: bytes = pem.armor("PRIVATE KEY", info.dump())
        return armored

    @property
    def public(self) -> PublicKey:
        engine = _engine(b"\x00" * 64)
        return PublicKey(bytes.fromhex(engine._kg(self.number, default_ecc_table["g"])))

    def sign(self, data: bytes) -> bytes:
        """The signature over ``data``: DER of (r, s)."""
        engine = _engine(self.public.point, f"{self.number:064x}")
        digest = _digest(self.public, data)
        while True:
            made = engine.sign(digest, f"{secrets.randbelow(_N - 1) + 1:064x}")
            if made is not None:
                return bytes.fromhex(made)


def verify(key: PublicKey, data: bytes, signature: bytes) -> bool:
    """Whether ``signature`` (DER) is that of the key's owner over ``data``."""
    try:
        parts = algos.DSASignature.load(signature, strict=True)
        r, s = parts["r"].native, parts["s"].native
    except (ValueError, TypeError, KeyError):
        return False
    # The range and the one encoding: gmssl's own check has neither.
    if not (0 < r < _N and 0 < s < _N and (r + s) % _N) or parts.dump(force=True) != signature:
        return False
    return bool(_engine(key.point).verify(signature.hex(), _digest(key, data)))


def _digest(key: PublicKey, data: bytes) -> bytes:
    """SM3 of Z and the data; Z binds the signer's identifier, the curve and the key (GB/T 32918.2, 5.5)."""
    curve = b"".join(each.to_bytes(_COORDINATE, "big") for each in (_A, _B))
    identifier = (len(DISTINGUISHED_ID) * 8).to_bytes(2, "big") + DISTINGUISHED_ID
    z = hashlib.new("sm3", identifier + curve + _G + key.point).digest()
    return hashlib.new("sm3", z + data).digest()


def _engine(point: bytes, private: str = "") -> CryptSM2:
    engine = CryptSM2(private, "", asn1=True)
    # Set here: the constructor cuts leading zeros and fours off a key.
    engine.public_key = point.hex()
    return engine


def _not_sm2() -> SignatureRefused:
    return SignatureRefused(
        "这不是 SM2 密钥。可用 openssl genpkey -algorithm SM2 生成，以 PEM 格式提供。",
        "This is no SM2 key. Make one with openssl genpkey -algorithm SM2 and give it as PEM.",
    )
