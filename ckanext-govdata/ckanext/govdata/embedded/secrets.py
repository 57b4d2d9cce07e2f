"""Passwords and keys of one installation: made once, kept with mode 600, handed out by environment only."""

from __future__ import annotations

import base64
import json
import os
import secrets as random
from dataclasses import asdict, dataclass, field
from pathlib import Path


def _password() -> str:
    return random.token_urlsafe(24).replace("-", "a").replace("_", "b")


def _kek() -> str:
    return "k1:" + base64.b64encode(random.token_bytes(32)).decode()


def _signing_key() -> str:
    return "s1:" + base64.b64encode(random.token_bytes(32)).decode()


def _key() -> str:
    return base64.b64encode(random.token_bytes(32)).decode()


@dataclass(frozen=True)
class Secrets:
    """Every secret of the stack; never printed, never in a log, never on a command line."""

    postgres_password: str = field(default_factory=_password, repr=False)
    ckan_db_password: str = field(default_factory=_password, repr=False)
    datastore_read_password: str = field(default_factory=_password, repr=False)
    valkey_password: str = field(default_factory=_password, repr=False)
    s3_key: str = field(default_factory=_password, repr=False)
    s3_secret: str = field(default_factory=_password, repr=False)
    secret_key: str = field(default_factory=_password, repr=False)
    csrf_key: str = field(default_factory=_password, repr=False)
    token_key: str = field(default_factory=_password, repr=False)
    kek: str = field(default_factory=_kek, repr=False)
    signing_key: str = field(default_factory=_signing_key, repr=False)
    licensing_owner_password: str = field(default_factory=_password, repr=False)
    licensing_password: str = field(default_factory=_password, repr=False)
    ledger_key: str = field(default_factory=_key, repr=False)
    identity_key: str = field(default_factory=_key, repr=False)
    ca_passphrase: str = field(default_factory=_password, repr=False)
    door_owner_password: str = field(default_factory=_password, repr=False)
    door_password: str = field(default_factory=_password, repr=False)
    mark_key: str = field(default_factory=_key, repr=False)
    cascade_key: str = field(default_factory=_key, repr=False)


def load_or_make(path: Path) -> Secrets:
    """The secrets in ``path``; what is missing is made and written, so that an older file is completed."""
    known: dict[str, str] = json.loads(path.read_text()) if path.is_file() else {}
    made = Secrets(**known)
    if asdict(made) != known:
        _write(path, json.dumps(asdict(made), indent=1) + "\n")
    return made


def load(path: Path) -> Secrets:
    """The secrets in ``path``. Raises `FileNotFoundError` when the installation was never started."""
    return Secrets(**json.loads(path.read_text()))


def _write(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)
