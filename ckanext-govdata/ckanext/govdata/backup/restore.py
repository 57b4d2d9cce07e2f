"""Putting a point back. Everything is read and judged before anything is touched; what was there is set aside
and comes back when the restore does not end well.

The order: the point is whole, its keys are here, the target is empty (or is to be replaced) → stores start
empty → files, roles, databases, objects → the ledger is verified against every witness → tables are brought
to this version, the search index is built anew → the portal starts.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ckanext.govdata.backup import counters, databases, files, keys, manifest, objects, witness
from ckanext.govdata.backup.errors import BackupError, BackupRefused
from ckanext.govdata.backup.pool import PIECE, Pool
from ckanext.govdata.backup.verify import verify
from ckanext.govdata.embedded import licensing, postgres, stack
from ckanext.govdata.embedded.home import Home
from ckanext.govdata.embedded.messages import Message
from ckanext.govdata.embedded.secrets import Secrets, load
from ckanext.govdata.embedded.stack import Progress


@dataclass(frozen=True, slots=True)
class Restored:
    """``at``: the point's instant; ``lost``: ledger entries that a witness remembers beyond it; ``seconds``
    from the call until the portal answered; ``aside``: folders with what was there before."""

    at: datetime
    lost: int
    entries: int
    objects: int
    seconds: float
    aside: tuple[Path, ...]


def restore(
    home: Home, root: Path, progress: Progress, *, point: str | None = None, replace: bool = False,
    witnesses: tuple[Path, ...] = (),
) -> Restored:  # fmt: skip
    """Bring ``home`` to a point of the backup folder ``root``, the newest one by default, and start it.

    Raises:
        BackupDamaged: the point is not whole; nothing was touched.
        BackupRefused: other keys, or a target that is not empty; nothing was touched.
        BackupError, StackError: it did not end well; what was there before is back in its place.
    """
    begun = time.monotonic()
    if not home.secrets_file.is_file():
        raise BackupRefused(
            Message(
                f"{home.root} 中没有 secrets.json。密钥不在备份中，请先放回另行保管的密钥文件。",
                f"There is no secrets.json in {home.root}. A backup holds no keys: put yours in place.",
            )
        )
    secrets = load(home.secrets_file)
    pool = Pool(root)
    if not manifest.points(root):
        raise BackupError(Message("没有这个备份。", "There is no such backup."))
    with pool.alone():
        with progress.stage(Message("校验备份", "Verifying the backup")):
            content = verify(root, point, secrets).content
            keys.require(content["keys"], secrets)
        occupied = (postgres.place(home).data / "PG_VERSION").is_file() or any((home.data / "s3").glob("*/*"))
        if occupied and not replace:
            raise BackupRefused(
                Message(f"{home.root} 中已有数据。如确需替换，请加 --replace。",
                        f"There are data in {home.root}. Give --replace to put the backup in their place.")
            )  # fmt: skip
        return _Restoring(home, secrets, pool, content, progress, witnesses).run(begun)


class _Restoring:
    def __init__(
        self, home: Home, secrets: Secrets, pool: Pool, content: dict[str, Any], progress: Progress,
        witnesses: tuple[Path, ...],
    ) -> None:  # fmt: skip
        self.home, self.secrets, self.pool, self.content = home, secrets, pool, content
        self.progress, self.outside = progress, witnesses
        self.stamp = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        self.objects = self.lost = 0
        self.old_witness: Path | None = None

    def run(self, begun: float) -> Restored:
        with self.progress.stage(Message("停止服务", "Stopping services")):
            stack.down(self.home)
        with self._set_aside() as kept:
            old = [folder / "licensing" / "witness.jsonl" for folder in kept]
            self.old_witness = next((path for path in old if path.is_file()), None)
            stack.up(self.home, self.progress, self._fill)
        ledger = self.content["ledger"]
        return Restored(
            datetime.fromisoformat(self.content["at"]), self.lost, ledger["entries"], self.objects,
            time.monotonic() - begun, tuple(kept),
        )  # fmt: skip

    @contextmanager
    def _set_aside(self) -> Iterator[list[Path]]:
        places = [self.home.data, postgres.place(self.home).data]
        if places[1].is_relative_to(places[0]):
            places.pop()
        before = {place: files.aside(place, self.stamp) for place in places}
        marks = {
            mark: mark.read_text() if mark.is_file() else None
            for mark in (self.home.root / name for name in ("migrated", "indexed"))
        }
        for mark in marks:
            mark.unlink(missing_ok=True)
        (self.home.root / "indexed").write_text("restored")  # not this schema's: the index is built anew
        try:
            yield [kept for kept in before.values() if kept is not None]
        except BaseException:
            stack.down(self.home)
            for place, old in before.items():
                files.back(place, old)
            for mark, text in marks.items():
                mark.write_text(text) if text is not None else mark.unlink(missing_ok=True)
            raise

    def _fill(self, where: postgres.Place, secrets: Secrets) -> None:
        with self.progress.stage(Message("恢复文件", "Files")):
            for name, each in self.content["files"].items():
                with self._unsealed(each["sha256"], "file", name) as stream:
                    files.write(self.home, name, iter(lambda s=stream: s.read(PIECE), b""))
        with self.progress.stage(Message("恢复数据库", "Databases")):
            postgres.ensure_databases(where, secrets)
            databases.make_roles(where, secrets, self.content["roles"])
            for name, each in self.content["databases"].items():
                with self._unsealed(each["sha256"], "database", name) as stream:
                    databases.load(where, secrets, name, stream)
        with self._unsealed(self.content["counters"]["sha256"], "counters", "valkey") as stream:
            counters.write(self.home, secrets, json.loads(stream.read())["figures"])
        with self.progress.bytes(Message("恢复对象", "Objects"), self._bytes()) as advance:
            for bucket in self.content["buckets"]:
                target = objects.store(self.home, secrets, bucket)
                lines = manifest.objects(self.pool, self.content, bucket, secrets.kek)
                self.objects += objects.put_back(target, self.pool, lines, advance)
        with self.progress.stage(Message("校验账本与见证", "Verifying the ledger against its witnesses")):
            self._verify_ledger(where)

    def _verify_ledger(self, where: postgres.Place) -> None:
        """Verified to the point against the backup's witness, the one that stood here, and those given."""
        size = int(self.content["ledger"]["entries"])
        own = licensing.witness(self.home)
        told = [own, *self.outside] + ([self.old_witness] if self.old_witness is not None else [])
        there = [path for path in told if path.is_file()]
        self.lost = max([0, *(witness.remembered(path) - size for path in there)])
        arguments = ["verify-ledger"]
        for number, path in enumerate(there):
            part = self.home.tmp / f"witness-{number}.jsonl"
            witness.cut(path, part, size)
            arguments += ["--witness", str(part)]
        variables = licensing.variables(self.home, self.secrets, where)
        # As the owner: the portal's role may connect once the tables are upgraded.
        variables["LICENSING_DATABASE"] = licensing.owner_address(self.secrets, where)
        try:
            licensing.run(self.home, arguments, {**postgres.child_environment(), **variables})
            if own.is_file():
                witness.cut(own, own, size)
            if self.old_witness is not None:
                kept = own.with_name(f"witness-before-{self.stamp}.jsonl")
                kept.write_bytes(self.old_witness.read_bytes())
                kept.chmod(0o600)
        finally:
            for number in range(len(there)):
                (self.home.tmp / f"witness-{number}.jsonl").unlink(missing_ok=True)

    def _unsealed(self, digest: str, kind: str, name: str) -> Any:
        bound_to = manifest.context(self.content["id"], kind, name)
        return manifest.unsealed(self.pool, digest, bound_to, self.secrets.kek)

    def _bytes(self) -> int:
        return sum(each["size"] for each in self.content["buckets"].values())
