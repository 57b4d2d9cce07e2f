"""Bringing the whole stack up and down: order, waiting, recovery after a crash.

``up`` may be repeated at any time: what runs is left alone, what fell over is started again.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import ckan
import psutil

from . import ckan_config, jarlock, jars, licensing, models, portal, ports, postgres, s3, solr, valkey
from .environment import portal_environment
from .errors import HomeUnusable, ServiceFailed
from .home import CHECKOUT, Home
from .messages import Message
from .secrets import Secrets, load, load_or_make
from .services import ALL, BY_NAME, PORTAL, STORES, Service
from .supervision import Process, Supervision

_WAIT_STORES = 180.0
_WAIT_PORTAL = 240.0
"""Seconds; generous, because a slow machine is no fault and one that fell over is noticed at once."""
_POLL = 0.15


class Progress(Protocol):
    """What ``up`` tells of its stages; the console draws them."""

    def stage(self, title: Message) -> AbstractContextManager[None]:
        """A stage without a measure."""

    def bytes(self, title: Message, total: int) -> AbstractContextManager[Callable[[int], None]]:
        """A stage measured in bytes; yields the function that counts them."""

    def warn(self, message: Message) -> None:
        """Something is amiss, and the work goes on."""


@contextmanager
def exclusive(home: Home) -> Iterator[None]:
    """Only one ``up`` or ``down`` of a home at a time; the next one waits."""
    home.root.mkdir(parents=True, exist_ok=True)
    with (home.root / ".lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


Fill = Callable[[postgres.Place, Secrets], None]


def up(home: Home, progress: Progress, fill: Fill | None = None) -> None:
    """Bring everything up and wait until it answers. Raises `StackError`.

    ``fill`` is called once the stores answer and before tables are upgraded: a restore puts data in there.
    """
    home.make()
    with exclusive(home):
        supervision = Supervision(home)
        _recover(supervision)
        running = _running(supervision)
        _require_ports(home, running)
        home.save()
        secrets = load_or_make(home.secrets_file)
        _fetch(home, progress)
        with progress.stage(Message("准备数据目录和配置", "Preparing data folders and configuration")):
            where = postgres.prepare(home, secrets)
            valkey.prepare(home, secrets)
            new_schema = solr.prepare(home)
            s3.prepare(home, secrets)
            licensing.prepare(home, secrets.ledger_key)
            changed = ckan_config.write(home, where, secrets)
            if supervision.write() and running:
                supervision.halt([service.name for service in ALL])
                supervision.shutdown()
                _await_end(supervision)
                running = set()
            if not supervision.is_up():
                supervision.start()
                _wait(supervision.is_up, 15, Message("进程管理", "supervision"), home)
        with progress.stage(
            Message("启动数据库、缓存、检索和对象存储", "Starting database, cache, search and object store")
        ):
            if new_schema and "solr" in running:
                supervision.halt(["solr"])
            supervision.run([service.name for service in STORES])
            _await(home, supervision, secrets, STORES, _WAIT_STORES)
        if fill is not None:
            fill(where, secrets)
        _migrate(home, where, secrets, progress)
        _reindex(home, secrets, progress)
        with progress.stage(Message("启动门户、后台任务和定时任务", "Starting portal, worker and scheduler")):
            names = [service.name for service in PORTAL]
            if changed:
                supervision.halt([name for name in names if name in running])
            supervision.run(names)
            _await(home, supervision, secrets, PORTAL, _WAIT_PORTAL)


def down(home: Home) -> bool:
    """Stop the portal, then its stores; False when nothing ran."""
    if not home.root.is_dir():
        return False
    with exclusive(home):
        supervision = Supervision(home)
        was_up = supervision.is_up()
        if was_up:
            for group in (PORTAL, STORES):
                supervision.halt([service.name for service in group])
            supervision.shutdown()
        stopped = _await_end(supervision)
        return was_up or stopped


def restart(home: Home, names: Sequence[str]) -> None:
    """Stop and start services by name and wait until they answer. Raises `StackError`."""
    secrets = load(home.secrets_file)
    supervision = Supervision(home)
    if not supervision.is_up():
        raise ServiceFailed(
            Message(
                "系统没有运行。请先执行 govdata up。", "The stack is not running. Run `govdata up` first."
            )
        )
    supervision.halt(list(reversed(names)))
    supervision.run(names)
    _await(home, supervision, secrets, [BY_NAME[name] for name in names], _WAIT_PORTAL)


def _running(supervision: Supervision) -> set[str]:
    return {
        process.service for process in supervision.processes() if process.state in ("RUNNING", "STARTING")
    }


def _recover(supervision: Supervision) -> None:
    """After a kill of supervision its children may live on for a moment: end them before starting anew."""
    if not supervision.is_up():
        _await_end(supervision)


def _await_end(supervision: Supervision) -> bool:
    """Wait for the processes of this home to end, then end what is left; whether there were any."""
    home = supervision.home
    left = supervision.leftovers()
    if not left:
        return False
    _gone, alive = psutil.wait_procs(left, timeout=20)
    for process in alive:
        # PostgreSQL takes INT as "disconnect everybody and write everything"; the others take TERM.
        _signal(process.send_signal if process.name() == "postgres" else None, process)
    _gone, alive = psutil.wait_procs(alive, timeout=20)
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=10)
    if supervision.leftovers():
        raise HomeUnusable(
            Message(
                f"{home.root} 的旧进程无法结束。请运行 govdata doctor 查看。",
                f"Old processes of {home.root} cannot be ended. See `govdata doctor`.",
            )
        )
    return True


def _signal(send: Callable[[int], None] | None, process: psutil.Process) -> None:
    try:
        if send is not None:
            send(2)
        else:
            process.terminate()
    except psutil.NoSuchProcess:
        return  # ended by itself between the look and the signal


def _require_ports(home: Home, running: Iterable[str]) -> None:
    already = set(running)
    for service in ALL:
        if service.port is None or service.name in already:
            continue
        host = home.host if service.name == "web" else "127.0.0.1"
        ports.require_free(host, service.port(home), service.title, service.variable)


def _fetch(home: Home, progress: Progress) -> None:
    sets = jarlock.read()
    every = [jar for group in sets.values() for jar in group]
    wanted = jars.missing(every)
    if wanted:
        total = sum(jar.size for jar in wanted)
        title = Message("下载 Java 组件（Solr、S3、前端库）", "Fetching Java archives (Solr, S3, front end)")
        with progress.bytes(title, total) as advance:
            jars.fetch_all(wanted, advance)
    jars.unpack_webjars(sets["webjars"], home.webjars)
    models.fetch(progress)


def _migrate(home: Home, where: postgres.Place, secrets: Secrets, progress: Progress) -> None:
    """Databases, tables and permissions; skipped when nothing that they depend on has changed."""
    stamp = home.root / "migrated"
    wanted = _migration_fingerprint(where)
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    with progress.stage(Message("建立和升级数据库表", "Creating and upgrading database tables")):
        postgres.ensure_databases(where, secrets)
        ckan_command(home, secrets, ["db", "upgrade"])
        postgres.apply_datastore_permissions(where, secrets)
        postgres.apply_door_permissions(where, secrets)
        told = licensing.variables(home, secrets, where)
        licensing.migrate(home, told, licensing.owner_address(secrets, where))
        stamp.write_text(wanted)


def _reindex(home: Home, secrets: Secrets, progress: Progress) -> None:
    """Build the search index anew when the schema is another one than that of the index."""
    stamp = home.root / "indexed"
    wanted = solr.fingerprint()
    before = stamp.read_text() if stamp.is_file() else None
    if before == wanted:
        return
    if before is not None:
        with progress.stage(
            Message("按新的检索配置重建索引", "Building the index anew for a new search schema")
        ):
            ckan_command(home, secrets, ["search-index", "rebuild", "--quiet"])
    stamp.write_text(wanted)


def _migration_fingerprint(where: postgres.Place) -> str:
    versions = sorted(
        path.name
        for place in ("ckanext-govdata/ckanext/govdata/migration", "licensing/migrations")
        for path in (CHECKOUT / place).glob("**/*.py")
    )
    cluster = (where.data / "PG_VERSION").stat().st_mtime_ns
    parts = [ckan.__version__, *ckan_config.plugins(), postgres.fingerprint(), str(cluster), *versions]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def ckan_command(home: Home, secrets: Secrets, arguments: Sequence[str]) -> str:
    """Run one ``ckan`` command in the portal's environment and return its output. Raises `ServiceFailed`."""
    done = subprocess.run(
        [portal.tool("ckan"), "-c", str(home.ini), *arguments],
        capture_output=True, text=True, check=False, cwd=home.root, umask=0o077,
        env=portal_environment(home, secrets),
    )  # fmt: skip
    if done.returncode != 0:
        log = home.logs / "setup.log"
        log.write_text(done.stdout + done.stderr)
        what = "ckan " + " ".join(arguments)
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:] or [""]
        raise ServiceFailed(
            Message(f"{what} 失败：{last[0]}。详见 {log}", f"`{what}` failed: {last[0]}. See {log}"),
        )
    return done.stdout


def _await(
    home: Home, supervision: Supervision, secrets: Secrets, services: Sequence[Service], seconds: float
) -> None:
    waiting = list(services)
    deadline = time.monotonic() + seconds
    while waiting:
        states: dict[str, list[Process]] = {}
        for process in supervision.processes():
            states.setdefault(process.service, []).append(process)
        for service in list(waiting):
            mine = states.get(service.name, [])
            if any(process.state in ("FATAL", "EXITED") for process in mine):
                raise _fell_over(home, service)
            # A service that answers at its port has started, however young its process is.
            enough = ("RUNNING", "STARTING") if service.port else ("RUNNING",)
            if mine and all(process.state in enough for process in mine) and service.ready(home, secrets):
                waiting.remove(service)
        if waiting and time.monotonic() > deadline:
            raise _fell_over(home, waiting[0])
        if waiting:
            time.sleep(_POLL)


def _wait(ready: Callable[[], bool], seconds: float, title: Message, home: Home) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise ServiceFailed(
                Message(
                    f"{title.zh}在 {seconds:.0f} 秒内没有就绪。日志：{home.logs}",
                    f"{title.en} was not ready within {seconds:.0f} s. Logs: {home.logs}",
                )
            )
        time.sleep(_POLL)


def _fell_over(home: Home, service: Service) -> ServiceFailed:
    log = home.logs / f"{service.name}.log"
    return ServiceFailed(
        Message(
            f"{service.title.zh}没有启动成功。最后的日志:\n{tail(log)}\n"
            f"完整日志：{log}；也可运行 govdata doctor。",
            f"{service.title.en} did not start. Last lines of its log:\n{tail(log)}\n"
            f"The whole log: {log}; or run `govdata doctor`.",
        )
    )


def tail(path: Path, lines: int = 15) -> str:
    """The last ``lines`` of a text file, or a dash when there is none."""
    if not path.is_file():
        return "-"
    with path.open("rb") as stream:
        stream.seek(0, os.SEEK_END)
        stream.seek(max(0, stream.tell() - 16384))
        return "\n".join(stream.read().decode("utf-8", "replace").splitlines()[-lines:]) or "-"
