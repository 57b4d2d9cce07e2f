"""The signer's side: look at what is asked, sign it with one's own key, hand back only the signature.

Runs on the signer's machine, with a key file (PKCS#12) or a token (PKCS#11: a USB key). Before anything is
signed, the document in hand is compared with what the request asks to sign, so that a server cannot show
one text and have another signed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from typing import Any, Protocol

from asn1crypto import cms
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from licensing.core.errors import InvalidInput
from licensing.signatures import sm2
from licensing.signatures.errors import SignatureRefused
from licensing.signatures.manifest import manifest_bytes

REQUEST_SCHEMA = "govdata.signing-request/1"
RESPONSE_SCHEMA = "govdata.signing-response/1"


class Key(Protocol):
    """A signer's key, wherever it lives."""

    def certificates(self) -> bytes:
        """The signer's certificate and those above it, PEM."""
        ...

    def sign(self, data: bytes) -> bytes:
        """SHA-256 with RSA (PKCS#1 v1.5) or ECDSA over ``data``."""
        ...


class Pkcs12Key:
    """A key file, opened by its passphrase.

    Raises:
        SignatureRefused: the passphrase is wrong, or the file holds no key that can sign.
    """

    def __init__(self, data: bytes, passphrase: bytes) -> None:
        try:
            key, certificate, others = pkcs12.load_key_and_certificates(data, passphrase)
        except ValueError as error:
            raise SignatureRefused(
                "密钥文件打不开：口令不对，或不是 PKCS#12 文件。",
                "The key file does not open: wrong passphrase, or not PKCS#12.",
            ) from error
        if certificate is None or not isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
            raise SignatureRefused(
                "密钥文件里没有可用于签名的私钥和证书。",
                "The key file holds no private key with a certificate that can sign.",
            )
        self._key, self._chain = key, [certificate, *others]

    def certificates(self) -> bytes:
        return b"".join(each.public_bytes(Encoding.PEM) for each in self._chain)

    def sign(self, data: bytes) -> bytes:
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, PKCS1v15(), hashes.SHA256())
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))


@dataclass(frozen=True, slots=True)
class Request:
    """What the server asks to sign, read from its JSON."""

    id: str
    title: str
    to_sign: bytes
    manifest: dict[str, Any]
    national: bool

    @classmethod
    def from_json(cls, text: str) -> Request:
        """Raises InvalidInput when the text is no signing request."""
        try:
            data = json.loads(text)
            if data["schema"] != REQUEST_SCHEMA:
                raise ValueError("schema")
            return cls(
                id=data["id"],
                title=data["title"],
                to_sign=base64.b64decode(data["to_sign"], validate=True),
                manifest=data["manifest"],
                national=bool(data["national"]),
            )
        except (ValueError, TypeError, KeyError, binascii.Error) as error:
            raise InvalidInput("这不是签署请求文件。", "This is not a signing request.") from error

    def as_json(self) -> str:
        data = {
            "schema": REQUEST_SCHEMA,
            "id": self.id,
            "title": self.title,
            "to_sign": base64.b64encode(self.to_sign).decode(),
            "manifest": self.manifest,
            "national": self.national,
        }
        return json.dumps(data, ensure_ascii=False, indent=2)

    def check(self, document: bytes) -> None:
        """Raise SignatureRefused unless this is about ``document`` (the prepared PDF), and about nothing
        else.
        """
        attributes = {each["type"].native: each["values"] for each in cms.CMSAttributes.load(self.to_sign)}
        asked = attributes["message_digest"][0].native
        if asked not in _digests(document):
            raise SignatureRefused(
                "待签内容与您手里的文件不一致，请勿签署，并联系平台。",
                "What is to be signed is not the document in your hands. Do not sign; ask the platform.",
            )


def respond(request: Request, key: Key, national: sm2.PrivateKey | None = None) -> str:
    """Sign; answers the JSON that goes back to the server.

    Raises:
        SignatureRefused: the national suite is asked for and there is no SM2 key.
    """
    response = {
        "schema": RESPONSE_SCHEMA,
        "id": request.id,
        "signature": base64.b64encode(key.sign(request.to_sign)).decode(),
    }
    if request.national:
        if national is None:
            raise SignatureRefused(
                "本文件还需国密签名，请用 --sm2-key 提供 SM2 私钥。",
                "This document is also signed by the national suite: give the SM2 key with --sm2-key.",
            )
        made = national.sign(manifest_bytes(request.manifest))
        response["national_signature"] = base64.b64encode(made).decode()
    return json.dumps(response, indent=2)


def _digests(document: bytes) -> list[bytes]:
    """SHA-256 over each byte range that the document declares, the newest last."""
    found = []
    at = 0
    while (at := document.find(b"/ByteRange", at) + 1) > 0:
        start, end = document.find(b"[", at), document.find(b"]", at)
        numbers = document[start + 1 : end].split()
        if len(numbers) == 4 and all(each.isdigit() for each in numbers):
            a, b, c, d = (int(each) for each in numbers)
            if a == 0 and c + d == len(document):
                found.append(hashlib.sha256(document[:b] + document[c:]).digest())
    return found
