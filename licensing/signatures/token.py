"""A key on a token (PKCS#11, 智能密码钥匙): it signs inside the token and cannot leave it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pkcs11
from asn1crypto import pem, x509
from pkcs11.constants import Attribute, ObjectClass
from pkcs11.exceptions import PKCS11Error
from pkcs11.mechanisms import KeyType, Mechanism
from pkcs11.util.ec import encode_ecdsa_signature

from licensing.signatures.errors import SignatureRefused


class TokenKey:
    """The key and certificate ``label`` of the token ``token``; use as ``with TokenKey(…) as key``.

    Raises:
        SignatureRefused: the driver, the token, the PIN or the key is not there.
    """

    def __init__(self, driver: Path, token: str, pin: str, label: str) -> None:
        try:
            self._session: Any = pkcs11.lib(str(driver)).get_token(token_label=token).open(user_pin=pin)
            self._key: Any = self._session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=label)
            found = self._session.get_objects(
                {Attribute.CLASS: ObjectClass.CERTIFICATE, Attribute.LABEL: label}
            )
            self._certificate: bytes = next(iter(found))[Attribute.VALUE]
        except (PKCS11Error, StopIteration, RuntimeError) as error:
            raise SignatureRefused(
                "智能密码钥匙无法使用：请检查驱动、设备名称、口令和密钥名称（{kind}）。",
                "The token cannot be used: check the driver, the token's label, the PIN and the key's label "
                "({kind}).",
                kind=type(error).__name__,
            ) from error

    def __enter__(self) -> TokenKey:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def certificates(self) -> bytes:
        armored: bytes = pem.armor("CERTIFICATE", x509.Certificate.load(self._certificate).dump())
        return armored

    def sign(self, data: bytes) -> bytes:
        if self._key.key_type == KeyType.RSA:
            signature: bytes = self._key.sign(data, mechanism=Mechanism.SHA256_RSA_PKCS)
            return signature
        raw: bytes = self._key.sign(data, mechanism=Mechanism.ECDSA_SHA256)
        encoded: bytes = encode_ecdsa_signature(raw)
        return encoded
