"""All databases of the cluster at one instant, and back.

A snapshot of PostgreSQL holds for the database it was taken in, but what it lists are the transactions of the
whole cluster. So four snapshots that list the same are of one instant: nothing was committed anywhere between
the first and the last. They are taken until that is so, which takes a few milliseconds each time; then
``pg_dump`` reads each database through its own (PostgreSQL, *Snapshot Synchronization Functions*).
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Final, Protocol

from psycopg2 import sql

from ckanext.govdata.backup.errors import BackupError
from ckanext.govdata.embedded import postgres
from ckanext.govdata.embedded.messages import Message
from ckanext.govdata.embedded.secrets import Secrets

ALL: Final = (postgres.MAIN_DB, postgres.DATASTORE_DB, postgres.LICENSING_DB, postgres.DOOR_DB)
PATIENCE: Final = 10.0
"""Seconds in which an instant without a commit must come; drains of the meters wait meanwhile."""
_ROLES: Final = "SELECT rolname, rolinherit FROM pg_roles WHERE rolname ~ '^door_[gj]_' ORDER BY rolname"
_MEMBERS: Final = """
    SELECT held.rolname, member.rolname, m.admin_option, m.inherit_option, m.set_option
    FROM pg_auth_members m JOIN pg_roles held ON held.oid = m.roleid
    JOIN pg_roles member ON member.oid = m.member
    WHERE held.rolname ~ '^door_[gj]_' AND member.rolname <> %s
    GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2
"""


class Sink(Protocol):
    """What takes bytes."""

    def write(self, data: bytes, /) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Instant:
    """One moment in every database; holds until its block ends."""

    at: datetime
    tries: int
    where: postgres.Place
    password: str
    snapshots: Mapping[str, str]
    connections: Mapping[str, Any]

    def ask(self, database: str, question: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Rows as they stood at the moment."""
        with self.connections[database].cursor() as cursor:
            cursor.execute(question, values)
            return list(cursor.fetchall())

    def dump(self, database: str, sink: Sink) -> None:
        """The whole database, in ``pg_dump``'s custom format. Raises BackupError."""
        command = [
            self.where.program("pg_dump"), "--format=custom", "--compress=gzip:1",
            f"--snapshot={self.snapshots[database]}", *_address(self.where, database),
        ]  # fmt: skip
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment(self.password)
        )
        assert process.stdout is not None  # noqa: S101 - it is a pipe, as the next one
        assert process.stderr is not None  # noqa: S101
        with process:
            try:
                while piece := process.stdout.read(1 << 20):
                    sink.write(piece)
            except BaseException:
                process.kill()
                raise
            said = process.stderr.read().decode("utf-8", "replace")
        _require("pg_dump", database, process.returncode, said)

    def roles(self) -> dict[str, Any]:
        """The roles of the door's windows and who holds them: they belong to the cluster and to no dump."""
        door = postgres.DOOR_DB
        return {
            "roles": [{"name": name, "inherit": inherit} for name, inherit in self.ask(door, _ROLES)],
            "members": [
                dict(zip(("role", "member", "admin", "inherit", "set"), row, strict=True))
                for row in self.ask(door, _MEMBERS, (postgres.DOOR_OWNER,))
            ],
        }


@contextmanager
def instant(where: postgres.Place, secrets: Secrets, patience: float = PATIENCE) -> Iterator[Instant]:
    """The same moment in every database of the cluster. Raises BackupError when none came in time."""
    password = secrets.postgres_password
    with ExitStack() as stack:
        connections = {}
        for name in ALL:
            connection = postgres.connect(where, password, name)
            stack.enter_context(closing(connection))
            connection.autocommit = False
            connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
            connections[name] = connection
        last, tries = time.monotonic() + patience, 0
        while True:
            tries += 1
            seen = {_one(each, "SELECT pg_current_snapshot()::text") for each in connections.values()}
            if len(seen) == 1:
                break
            for each in connections.values():
                each.rollback()
            if time.monotonic() > last:
                raise BackupError(
                    Message("数据库写入过于频繁，未能取得一致的时点，请稍后再试。",
                            "The databases are written to without a pause; no one instant was found. Try later.")  # noqa: E501
                )  # fmt: skip
        at = _one(connections[postgres.MAIN_DB], "SELECT now()")
        snapshots = {name: _one(each, "SELECT pg_export_snapshot()") for name, each in connections.items()}
        yield Instant(at, tries, where, password, snapshots, connections)


def make_roles(where: postgres.Place, secrets: Secrets, known: Mapping[str, Any]) -> None:
    """The door's roles as they were; the door's owner makes them, as it always does."""
    connection = postgres.connect(where, secrets.postgres_password, postgres.DOOR_DB)
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(sql.SQL("ALTER ROLE {} CREATEROLE").format(sql.Identifier(postgres.DOOR_OWNER)))
        cursor.execute("SELECT rolname FROM pg_roles")
        there = {name for (name,) in cursor.fetchall()}
        cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(postgres.DOOR_OWNER)))
        for role in known["roles"]:
            if role["name"] not in there:
                kind = sql.SQL("INHERIT" if role["inherit"] else "NOINHERIT")
                cursor.execute(
                    sql.SQL("CREATE ROLE {} NOLOGIN {}").format(sql.Identifier(role["name"]), kind)
                )
        for each in known["members"]:
            options = ", ".join(
                f"{name.upper()} {'TRUE' if each[name] else 'FALSE'}" for name in ("admin", "inherit", "set")
            )
            cursor.execute(
                sql.SQL("GRANT {} TO {} WITH " + options).format(
                    sql.Identifier(each["role"]), sql.Identifier(each["member"])
                )
            )


def load(where: postgres.Place, secrets: Secrets, database: str, dump: BinaryIO) -> None:
    """Fill an empty database from a dump. Raises BackupError at the first statement that fails."""
    process = subprocess.Popen(
        [where.program("pg_restore"), "--exit-on-error", *_address(where, database, "--dbname=")],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        env=_environment(secrets.postgres_password),
    )  # fmt: skip
    assert process.stdin is not None  # noqa: S101 - it is a pipe, as the next one
    assert process.stderr is not None  # noqa: S101
    with process:
        try:
            while piece := dump.read(1 << 20):
                process.stdin.write(piece)
            process.stdin.close()
        except BrokenPipeError:
            pass  # it has ended early: its exit code and its last line say why
        except BaseException:
            process.kill()
            raise
        said = process.stderr.read().decode("utf-8", "replace")
    _require("pg_restore", database, process.returncode, said)


def server_version(taken: Instant) -> str:
    """PostgreSQL's version."""
    return str(taken.ask(postgres.MAIN_DB, "SHOW server_version")[0][0])


def _one(connection: Any, question: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def _address(where: postgres.Place, database: str, option: str = "") -> list[str]:
    server = [f"--host={where.socket}", f"--username={postgres.SUPERUSER}", "--no-password"]
    return [*server, f"{option}{database}"]


def _environment(password: str) -> dict[str, str]:
    return {**postgres.child_environment(), "PGPASSWORD": password}


def _require(program: str, database: str, code: int, said: str) -> None:
    if code == 0:
        return
    # PostgreSQL names the statement that failed and may quote a row behind it: only the first line is told.
    line = next((each for each in said.splitlines() if "error" in each.lower()), "-")[:200]
    raise BackupError(
        Message(f"{program} 处理数据库 {database} 失败：{line}", f"{program} failed on {database}: {line}")
    )
