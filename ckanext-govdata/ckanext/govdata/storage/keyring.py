"""Key-encryption keys from the environment, and the wrapping of data keys under them.

``GOVDATA_KEK`` holds one or more AES-256 keys as ``id:base64``, separated by commas. The first is
current and wraps every new object; the others only open what they wrapped before. A key is 32 random
bytes. The keyring never prints itself, and no error repeats any part of a key.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ckanext.govdata.storage.errors import KeyringInvalid, KeyUnknown, ObjectDamaged

ENVIRONMENT = "GOVDATA_KEK"
KEY_SIZE = 32
NONCE_SIZE = 12
TAG_SIZE = 16
#: Bytes of a wrapped data key: nonce, key, tag.
WRAPPED_SIZE = NONCE_SIZE + KEY_SIZE + TAG_SIZE
KEY_ID_SIZE = 32
_KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,32}")


class Keyring:
    """Key-encryption keys by id; immutable."""

    def __init__(self, current: str, keys: Mapping[str, bytes]) -> None:
        for key_id, key in keys.items():
            if not _KEY_ID.fullmatch(key_id) or len(key) != KEY_SIZE:
                raise _invalid(
                    "编号须为 1–32 个字母、数字或 _.-,密钥须为 32 字节", "bad key id or key length"
                )
        if current not in keys:
            raise _invalid("没有当前密钥", "no current key")
        self.current = current
        self._keys = {key_id: AESGCM(key) for key_id, key in keys.items()}

    def __repr__(self) -> str:
        return f"Keyring(current={self.current!r}, ids={sorted(self._keys)!r})"

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(self._keys)

    @classmethod
    def from_text(cls, text: str) -> Keyring:
        """Parse ``id:base64[,id2:base64…]``.

        Raises:
            KeyringInvalid: empty, malformed, a wrong length, or an id given twice.
        """
        keys: dict[str, bytes] = {}
        for entry in filter(None, (part.strip() for part in text.split(","))):
            key_id, colon, encoded = entry.partition(":")
            if not colon or key_id in keys:
                raise _invalid("格式须为“编号:base64”，编号不能重复", "expected id:base64, each id once")
            try:
                keys[key_id] = base64.b64decode(encoded, validate=True)
            except binascii.Error:
                raise _invalid("密钥不是有效的 base64", "a key is not base64") from None
        if not keys:
            raise _invalid("未设置", "it is not set")
        return cls(next(iter(keys)), keys)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Keyring:
        """The keyring of this process; without one nothing can be sealed, so nothing is stored at all."""
        return cls.from_text((os.environ if environment is None else environment).get(ENVIRONMENT, ""))

    @staticmethod
    def generate(key_id: str) -> str:
        """A fresh ``id:base64`` entry for ``GOVDATA_KEK``."""
        return f"{key_id}:{base64.b64encode(os.urandom(KEY_SIZE)).decode()}"

    def wrap(self, data_key: bytes, aad: bytes) -> tuple[str, bytes]:
        """Encrypt ``data_key`` under the current key, bound to ``aad``; returns (key id, wrapped)."""
        nonce = os.urandom(NONCE_SIZE)
        bound = _bound(self.current, aad)
        return self.current, nonce + self._keys[self.current].encrypt(nonce, data_key, bound)

    def unwrap(self, key_id: str, wrapped: bytes, aad: bytes) -> bytes:
        """The data key that :meth:`wrap` was given.

        Raises:
            KeyUnknown: the ring does not hold ``key_id``.
            ObjectDamaged: ``wrapped`` or ``aad`` is not what was wrapped.
        """
        if key_id not in self._keys:
            raise KeyUnknown(
                "对象由密钥 {key_id} 加密，而 GOVDATA_KEK 中没有该密钥；请加回后重试。",
                "The object was sealed under key {key_id}, which GOVDATA_KEK lacks; add it and try again.",
                key_id=key_id,
            )
        try:
            return self._keys[key_id].decrypt(wrapped[:NONCE_SIZE], wrapped[NONCE_SIZE:], _bound(key_id, aad))
        except InvalidTag:
            raise ObjectDamaged(
                "加密对象的封装与记录不符，拒绝打开；请重新上传原始文件。",
                "The envelope of a sealed object was changed; it is not opened. Upload the raw file again.",
            ) from None


def _bound(key_id: str, aad: bytes) -> bytes:
    return key_id.encode("ascii").ljust(KEY_ID_SIZE, b"\0") + aad


def _invalid(zh: str, en: str) -> KeyringInvalid:
    return KeyringInvalid(
        "环境变量 GOVDATA_KEK 不可用：{reason_zh}。"
        "格式：“编号:base64”（32 字节），多个以逗号分隔，第一个为当前密钥。",
        "GOVDATA_KEK cannot be used: {reason_en}. "
        "Format: id:base64(32 bytes), separated by commas, the first is current.",
        reason_zh=zh,
        reason_en=en,
    )
