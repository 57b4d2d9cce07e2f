"""The keys without which a backup cannot be read or used: named, never copied, recognised by check values.

A check value is scrypt of the key with a salt of the backup's own. It tells whether a key is the same one and
nothing else of it; stretching keeps an operator's short passphrase from being guessed (RFC 7914).
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Mapping
from typing import Any, Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ckanext.govdata.backup.errors import BackupRefused
from ckanext.govdata.embedded.messages import Message
from ckanext.govdata.embedded.secrets import Secrets

NEEDED: Final = (
    "signing_key", "ledger_key", "identity_key", "ca_passphrase", "mark_key", "secret_key", "token_key",
    "cascade_key",
)  # fmt: skip
"""Beside the key-encryption keys: what data at rest, signatures, marks, tokens and trust hang on."""
NOT_NEEDED: Final = (
    "postgres_password", "ckan_db_password", "datastore_read_password", "valkey_password", "s3_key",
    "s3_secret", "csrf_key", "licensing_owner_password", "licensing_password", "door_owner_password",
    "door_password",
)  # fmt: skip
"""Set anew in the target, whatever they were."""
_LABEL: Final = b"govdata backup manifest"


def sealing_keys(kek: str) -> dict[str, str]:
    """``GOVDATA_KEK`` by id, the current one first."""
    return {entry.partition(":")[0].strip(): entry.partition(":")[2].strip() for entry in kek.split(",")}


def _all(secrets: Secrets) -> dict[str, str]:
    sealing = {f"kek:{name}": key for name, key in sealing_keys(secrets.kek).items()}
    return sealing | {name: str(getattr(secrets, name)) for name in NEEDED}


def checks(secrets: Secrets) -> dict[str, Any]:
    """``{salt, values: {name: check value}, set_anew: [...]}``."""
    salt = os.urandom(16)
    return {
        "salt": salt.hex(), "set_anew": list(NOT_NEEDED),
        "values": {name: _value(key, salt) for name, key in _all(secrets).items()},
    }  # fmt: skip


def require(wanted: Mapping[str, Any], secrets: Secrets) -> None:
    """Raises BackupRefused, naming the keys that are missing or are others."""
    salt, here = bytes.fromhex(wanted["salt"]), _all(secrets)
    wrong = [
        name
        for name, value in wanted["values"].items()
        if name not in here or not hmac.compare_digest(value, _value(here[name], salt))
    ]
    if wrong:
        names = ", ".join(wrong)
        raise BackupRefused(
            Message(
                f"这些密钥与备份时不同：{names}。请先放回当时的密钥文件 secrets.json（另行保管），再恢复。",
                f"These keys are not those of the backup: {names}. Put the secrets.json of that time (kept "
                "elsewhere) in place first.",
            )
        )


def mac(kek: str, key_id: str, content: bytes) -> str:
    """The manifest's seal under one key-encryption key. Raises BackupRefused when that key is not here."""
    key = sealing_keys(kek).get(key_id)
    if key is None:
        raise BackupRefused(
            Message(f"没有备份所用的密钥 {key_id}。", f"The key {key_id} of the backup is not here.")
        )
    derived = HKDF(SHA256(), 32, None, _LABEL).derive(key.encode())
    return hmac.new(derived, content, hashlib.sha256).hexdigest()


def _value(key: str, salt: bytes) -> str:
    return hashlib.scrypt(key.encode(), salt=salt, n=1 << 13, r=8, p=1, dklen=16).hex()
