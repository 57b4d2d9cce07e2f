"""Taking a backup of the running stack: nobody has to stop working.

The order gives one point of recovery. Objects are copied first, which takes long; then one instant is held in
all databases while drains of the meters wait; then the few objects that came meanwhile, and the databases as
of the instant. The manifest comes last: killed before, there is no backup.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Final

import ckan

from ckanext.govdata.backup import counters, databases, files, keys, manifest, objects
from ckanext.govdata.backup.errors import BackupError
from ckanext.govdata.backup.pool import PIECE, Pool, Writer
from ckanext.govdata.embedded import postgres, s3
from ckanext.govdata.embedded.home import Home
from ckanext.govdata.embedded.messages import Message
from ckanext.govdata.embedded.secrets import Secrets
from ckanext.govdata.embedded.stack import Progress
from ckanext.govdata.storage.keyring import Keyring
from ckanext.govdata.storage.sealed import SealingWriter
from licensing.core.ledger.entry import canonical
from licensing.usage.drain import nothing_between

LEFT_OUT: Final = {
    "solr": "built anew from the database when the point is restored",
    "valkey": "but for figures of use: people sign in again, the scheduler hands out work again",
}
_PUBLIC: Final = """
    SELECT a.key, a.sha256 FROM govdata_release_artifact a JOIN govdata_release r ON r.id = a.release_id
    WHERE r.status IN ('published', 'hidden')
"""
_LEDGER: Final = """
    SELECT (SELECT count(*) FROM licensing_ledger_entry), (SELECT count(*) FROM licensing_ledger_pending),
           (SELECT max(size) FROM licensing_ledger_checkpoint)
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """``at`` is the instant; ``seconds`` from begin to end; ``read`` bytes of objects were new."""

    name: str
    at: datetime
    seconds: float
    read: int
    size: int
    content: dict[str, Any]


def take(home: Home, secrets: Secrets, root: Path, progress: Progress) -> Taken:
    """One more point in the backup folder ``root``.

    Raises:
        BackupError: the stack does not run, or databases and objects do not fit together.
        BackupDamaged: the point before is not what was written.
    """
    where = postgres.place(home)
    if not (postgres.is_ready(where, secrets) and s3.is_ready(home)):
        raise BackupError(
            Message("系统没有运行。请先执行 govdata up。", "The stack does not run. Run `govdata up` first.")
        )
    if root.resolve().is_relative_to(home.root.resolve()):
        raise BackupError(
            Message("备份目录不能在系统数据目录之内。", "The backup folder must not lie in the home.")
        )
    pool = Pool(root)
    pool.root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with pool.alone():
        pool.prepare()
        return _Taking(home, secrets, where, pool, progress).run()


class _Taking:
    def __init__(
        self, home: Home, secrets: Secrets, where: postgres.Place, pool: Pool, progress: Progress
    ) -> None:
        self.home, self.secrets, self.where = home, secrets, where
        self.pool, self.progress = pool, progress
        self.name = datetime.now(timezone.utc).strftime("%Y%m%dT%H%M%S%fZ")
        self.keyring = Keyring.from_text(secrets.kek)
        self.read = 0

    def run(self) -> Taken:
        begun = time.monotonic()
        with self.progress.stage(Message("复制对象", "Copying objects")):
            known = self._before()
            lines = {bucket: self._copy(bucket, known.get(bucket, {})) for bucket in objects.BUCKETS}
        with ExitStack() as held:
            # Without drains each call's line is either in a segment or in the counters of the instant.
            still = held.enter_context(ExitStack())
            still.enter_context(nothing_between(files.meter(self.home)))
            moment = held.enter_context(databases.instant(self.where, self.secrets))
            kept = self._files()
            still.close()
            with self.progress.stage(Message("补齐新对象", "Objects that came meanwhile")):
                for bucket in objects.BUCKETS:
                    lines[bucket] |= self._copy(bucket, lines[bucket])
                self._fit(moment, lines)
            with self.progress.stage(Message("导出数据库", "Dumping the databases")):
                dumps = {name: self._dump(moment, name) for name in databases.ALL}
                content = {
                    "format": manifest.FORMAT, "id": self.name, "at": moment.at.isoformat(),
                    "versions": {"postgresql": databases.server_version(moment), "ckan": ckan.__version__},
                    "databases": dumps, "roles": moment.roles(), "files": kept,
                    "counters": self._counters(),
                    "buckets": {bucket: self._listed(bucket, found) for bucket, found in lines.items()},
                    "settings_left_out": files.own_settings(self.home)[1],
                    "keys": keys.checks(self.secrets), "left_out": LEFT_OUT,
                    "ledger": dict(
                        zip(("entries", "pending", "checkpoint"),
                            moment.ask(postgres.LICENSING_DB, _LEDGER)[0], strict=True)
                    ),
                }  # fmt: skip
        seconds = time.monotonic() - begun
        content["milliseconds"] = round(seconds * 1000)
        manifest.write(self.pool.root, self.name, content, self.secrets)
        size = sum(part.size for part in manifest.parts(self.pool, content, self.secrets.kek))
        return Taken(self.name, moment.at, seconds, self.read, size, content)

    def _before(self) -> dict[str, objects.Lines]:
        """Lines of the newest point, whose objects need not be read again. Raises BackupDamaged."""
        if not manifest.points(self.pool.root):
            return {}
        content = manifest.read(self.pool.root, None, self.secrets)
        return {
            bucket: {
                line["key"]: line
                for line in manifest.objects(self.pool, content, bucket, self.secrets.kek)
            }
            for bucket in content["buckets"]
        }  # fmt: skip

    def _copy(self, bucket: str, known: objects.Lines) -> objects.Lines:
        source = objects.store(self.home, self.secrets, bucket)
        found, read = objects.copy(source, self.pool, known)
        self.read += read
        return found

    def _fit(self, moment: databases.Instant, lines: dict[str, objects.Lines]) -> None:
        wanted = moment.ask(postgres.MAIN_DB, _PUBLIC)
        lost = objects.missing_from(lines[objects.PUBLIC_BUCKET], iter(wanted))
        if lost:
            raise BackupError(
                Message(
                    f"{len(lost)} 个已发布文件在对象存储中缺失或者内容不符，未生成备份：{lost[0]}",
                    f"{len(lost)} published files are missing in the object store or differ; no backup was "
                    f"made: {lost[0]}",
                )
            )

    def _files(self) -> dict[str, Any]:
        found = {}
        for name, path in files.present(self.home):
            try:
                with path.open("rb") as stream:
                    found[name] = self._seal("file", name, iter(lambda s=stream: s.read(PIECE), b""))
            except FileNotFoundError:
                continue  # a file in the making that was renamed
        text, _left = files.own_settings(self.home)
        if text:
            found[files.LOCAL] = self._seal("file", files.LOCAL, [text.encode()])
        return found

    def _counters(self) -> dict[str, Any]:
        lines = counters.read(self.home, self.secrets)
        return self._seal("counters", "valkey", [canonical({"figures": lines})])

    def _listed(self, bucket: str, lines: objects.Lines) -> dict[str, Any]:
        rows = (canonical(lines[key]) + b"\n" for key in sorted(lines))
        return {
            "count": len(lines), "size": sum(line["size"] for line in lines.values()),
            "list": self._seal("bucket", bucket, rows),
        }  # fmt: skip

    def _dump(self, moment: databases.Instant, name: str) -> dict[str, Any]:
        return self._sealed("database", name, lambda sink: moment.dump(name, sink))

    def _seal(self, kind: str, name: str, pieces: Iterable[bytes]) -> dict[str, Any]:
        def fill(sink: SealingWriter) -> None:
            for piece in pieces:
                sink.write(piece)

        return self._sealed(kind, name, fill)

    def _sealed(self, kind: str, name: str, fill: Callable[[SealingWriter], None]) -> dict[str, Any]:
        made: Writer
        with self.pool.writer() as made:
            sealing = SealingWriter(made, self.keyring, manifest.context(self.name, kind, name))
            fill(sealing)
            sealing.seal()
        return {"sha256": made.digest, "size": made.size}
