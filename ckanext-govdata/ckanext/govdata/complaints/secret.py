"""What a complainant wrote, sealed in its row: AES-256-GCM under a data key of its own, wrapped by the KEK.

Bound to the case and to the field, so that one person's contact cannot be put into another case.

Layout: key id, padded (32) | wrapped data key (60) | nonce (12) | ciphertext and tag.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ckanext.govdata.storage.errors import ObjectDamaged
from ckanext.govdata.storage.keyring import KEY_ID_SIZE, KEY_SIZE, NONCE_SIZE, WRAPPED_SIZE, Keyring


def seal(text: str, place: str, keyring: Keyring) -> bytes:
    """``text`` sealed for ``place`` (case and field)."""
    data_key, nonce, bound = os.urandom(KEY_SIZE), os.urandom(NONCE_SIZE), place.encode()
    key_id, wrapped = keyring.wrap(data_key, bound)
    head = key_id.encode("ascii").ljust(KEY_ID_SIZE, b"\0") + wrapped
    return head + nonce + AESGCM(data_key).encrypt(nonce, text.encode(), bound)


def open_sealed(sealed: bytes, place: str, keyring: Keyring) -> str:
    """The text again.

    Raises:
        KeyUnknown: the ring lacks the key.
        ObjectDamaged: changed, or of another place.
    """
    head = KEY_ID_SIZE + WRAPPED_SIZE
    key_id = sealed[:KEY_ID_SIZE].rstrip(b"\0").decode("ascii", "replace")
    data_key = keyring.unwrap(key_id, sealed[KEY_ID_SIZE:head], place.encode())
    nonce, rest = sealed[head : head + NONCE_SIZE], sealed[head + NONCE_SIZE :]
    try:
        return AESGCM(data_key).decrypt(nonce, rest, place.encode()).decode()
    except InvalidTag:
        raise ObjectDamaged(
            "加密内容与记录不符，拒绝打开。", "A sealed text was changed; it is not opened."
        ) from None
