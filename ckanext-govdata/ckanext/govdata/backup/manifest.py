"""Points of recovery: one manifest each, written last and at once, sealed under the key-encryption key."""

from __future__ import annotations

import hmac
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from ckanext.govdata.backup import keys
from ckanext.govdata.backup.errors import BackupError, damaged
from ckanext.govdata.backup.pool import Pool, Sealed, sync_folder
from ckanext.govdata.embedded.messages import Message
from ckanext.govdata.embedded.secrets import Secrets
from ckanext.govdata.storage.keyring import Keyring
from ckanext.govdata.storage.objects import ObjectStore
from ckanext.govdata.storage.sealed import open_sealed
from licensing.core.ledger.entry import canonical

FORMAT: Final = "govdata-backup/1"
_NAME: Final = re.compile(r"\d{8}T\d{6}\d{6}Z")


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the pool that a point needs; ``what`` is said when it is damaged."""

    what: str
    digest: str
    size: int


class Object(dict[str, Any]):
    """A line of a bucket's list: key, size, sha256, etag, modified, type."""


def points(root: Path) -> list[str]:
    """Names of the whole points, the oldest first."""
    return sorted(p.stem for p in (root / "points").glob("*.json") if _NAME.fullmatch(p.stem))


def write(root: Path, name: str, content: dict[str, Any], secrets: Secrets) -> None:
    """Make a point true: sealed, on the disk, then named. Killed before, it is not there at all."""
    current = next(iter(keys.sealing_keys(secrets.kek)))
    body = canonical(content)
    sealed = {**content, "seal": {"key": current, "hmac_sha256": keys.mac(secrets.kek, current, body)}}
    folder = root / "points"
    folder.mkdir(mode=0o700, exist_ok=True)
    fresh = folder / f".{name}.half"
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(canonical(sealed))
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(folder / f"{name}.json")
    sync_folder(folder)
    sync_folder(root)


def read(root: Path, name: str | None, secrets: Secrets) -> dict[str, Any]:
    """The manifest of a point, the newest when ``name`` is None.

    Raises:
        BackupError: there is no such point.
        BackupDamaged: it is not what was written.
        BackupRefused: it was sealed under a key that is not here.
    """
    known = points(root)
    if not known or (name is not None and name not in known):
        raise BackupError(Message("没有这个备份。", "There is no such backup."))
    chosen = name or known[-1]
    try:
        content = json.loads((root / "points" / f"{chosen}.json").read_bytes())
        seal = content.pop("seal")
        wanted, key = str(seal["hmac_sha256"]), str(seal["key"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise damaged(f"{chosen}.json") from None
    found = keys.mac(secrets.kek, key, canonical(content))
    if not hmac.compare_digest(found, wanted):
        _other_keys(content, secrets)
        raise damaged(f"{chosen}.json")
    if content.get("format") != FORMAT or content.get("id") != chosen:
        raise damaged(f"{chosen}.json")
    return dict(content)


def _other_keys(content: dict[str, Any], secrets: Secrets) -> None:
    """Raises BackupRefused when the seal does not fit because the keys here are others."""
    wanted = content.get("keys")
    if isinstance(wanted, dict) and isinstance(wanted.get("values"), dict):
        try:
            keys.require(wanted, secrets)
        except (ValueError, KeyError, TypeError, AttributeError):
            return  # the check values were changed too: it is damaged in any case


def objects(pool: Pool, content: dict[str, Any], bucket: str, kek: str) -> Iterator[Object]:
    """The lines of one bucket's list. Raises ObjectDamaged, ObjectMissing."""
    digest = content["buckets"][bucket]["list"]["sha256"]
    with unsealed(pool, digest, context(content["id"], "bucket", bucket), kek) as stream:
        for line in stream:
            yield Object(json.loads(line))


def context(point: str, kind: str, name: str) -> str:
    """To what a sealed file of a point is bound."""
    return f"backup/{point}/{kind}/{name}"


def unsealed(pool: Pool, digest: str, bound_to: str, kek: str) -> BinaryIO:
    """A sealed file of the pool in plain. Raises ObjectDamaged, ObjectMissing."""
    store = cast("ObjectStore", Sealed(pool.path(digest)))  # of a store, only what a reader asks for
    return open_sealed(store, bound_to, Keyring.from_text(kek))


def parts(pool: Pool, content: dict[str, Any], kek: str) -> Iterator[Part]:
    """Every file that a point needs; the list of a bucket comes before what it lists."""
    for group in ("databases", "files"):
        for name, each in content[group].items():
            yield Part(name, each["sha256"], each["size"])
    yield Part("counters", content["counters"]["sha256"], content["counters"]["size"])
    for bucket, listed in content["buckets"].items():
        yield Part(bucket, listed["list"]["sha256"], listed["list"]["size"])
        for line in objects(pool, content, bucket, kek):
            yield Part(f"{bucket}/…/{line['sha256'][:12]}", line["sha256"], line["size"])
