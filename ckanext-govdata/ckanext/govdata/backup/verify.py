"""Is a backup whole: every byte of it is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ckanext.govdata.backup import manifest
from ckanext.govdata.backup.errors import BackupError
from ckanext.govdata.backup.pool import Pool
from ckanext.govdata.embedded.messages import Message
from ckanext.govdata.embedded.secrets import Secrets


@dataclass(frozen=True, slots=True)
class Whole:
    """What was read: ``files`` different ones of ``size`` bytes."""

    content: dict[str, Any]
    files: int
    size: int


def verify(root: Path, name: str | None, secrets: Secrets) -> Whole:
    """Read a point whole.

    Raises:
        BackupDamaged: the manifest or a file is missing, cut or changed.
        BackupError: there is no such point.
    """
    pool = Pool(root)
    content = manifest.read(root, name, secrets)
    seen: set[str] = set()
    size = 0
    for part in manifest.parts(pool, content, secrets.kek):
        if part.digest in seen:
            continue
        pool.check(part.digest, part.size, part.what)
        seen.add(part.digest)
        size += part.size
    return Whole(content, len(seen), size)


def prune(root: Path, keep: int, secrets: Secrets) -> tuple[int, int]:
    """Remove all points but the newest ``keep`` (1 or more), then what no point needs: points, bytes.

    A point whose manifest is not believed stops it: what it needs is not known. Raises BackupDamaged.
    """
    if keep < 1:
        raise BackupError(Message("至少保留一个备份。", "Keep at least one backup."))
    pool = Pool(root)
    with pool.alone():
        known = manifest.points(root)
        old, kept = known[:-keep], known[-keep:]
        needed: set[str] = set()
        for name in kept:
            content = manifest.read(root, name, secrets)
            needed |= {part.digest for part in manifest.parts(pool, content, secrets.kek)}
        for name in old:
            (root / "points" / f"{name}.json").unlink()
        return len(old), pool.sweep(frozenset(needed))
