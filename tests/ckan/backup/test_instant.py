"""One instant in all databases, while somebody writes to two of them in turn."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from ckanext.govdata.backup import databases
from ckanext.govdata.backup.errors import BackupError
from ckanext.govdata.embedded import postgres
from ckanext.govdata.embedded.home import Home
from ckanext.govdata.embedded.secrets import load

FIRST, SECOND = postgres.MAIN_DB, postgres.DOOR_DB
COUNT = "SELECT coalesce(max(number), 0) FROM instant_probe"


@pytest.fixture
def cluster(site: Any) -> Iterator[tuple[postgres.Place, Any]]:
    where = postgres.place(Home(site.home, "127.0.0.1", 0, 0))
    secrets = load(site.home / "secrets.json")
    for name in (FIRST, SECOND):
        _do(where, secrets, name, "CREATE TABLE instant_probe (number bigint)")
    yield where, secrets
    for name in (FIRST, SECOND):
        _do(where, secrets, name, "DROP TABLE instant_probe")


def _do(where: postgres.Place, secrets: Any, database: str, statement: str) -> None:
    connection = postgres.connect(where, secrets.postgres_password, database)
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.article("HBP-14", "QD-19")
def test_what_follows_in_another_database_is_never_there_without_its_cause(
    cluster: tuple[postgres.Place, Any],
) -> None:
    where, secrets = cluster
    stop, written = threading.Event(), [0]

    def write() -> None:
        pair = [postgres.connect(where, secrets.postgres_password, name) for name in (FIRST, SECOND)]
        while not stop.is_set():
            written[0] += 1
            for connection in pair:  # the cause in one, then what follows from it in the other
                with connection.cursor() as cursor:
                    cursor.execute("INSERT INTO instant_probe VALUES (%s)", (written[0],))
        for connection in pair:
            connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    seen = []
    try:
        for _ in range(40):
            with databases.instant(where, secrets) as moment:
                cause, effect = moment.ask(FIRST, COUNT)[0][0], moment.ask(SECOND, COUNT)[0][0]
                assert effect <= cause <= effect + 1
                seen.append(cause)
    finally:
        stop.set()
        thread.join()
    assert seen == sorted(seen)
    assert seen[-1] > seen[0], "somebody wrote meanwhile"


def test_an_instant_stays_as_it_is_while_others_write(cluster: tuple[postgres.Place, Any]) -> None:
    where, secrets = cluster
    with databases.instant(where, secrets) as moment:
        _do(where, secrets, FIRST, "INSERT INTO instant_probe VALUES (7)")
        assert moment.ask(FIRST, COUNT) == [(0,)]
        sink = bytearray()
        moment.dump(postgres.DOOR_DB, _Into(sink))
        assert sink.startswith(b"PGDMP")
    with databases.instant(where, secrets) as moment:
        assert moment.ask(FIRST, COUNT) == [(7,)]


def test_a_dump_that_fails_is_told_without_any_row(cluster: tuple[postgres.Place, Any]) -> None:
    where, secrets = cluster
    with databases.instant(where, secrets) as moment:
        moment.snapshots[FIRST] = "00000000-00000000-1"  # type: ignore[index]
        with pytest.raises(BackupError, match="ckan"):
            moment.dump(FIRST, _Into(bytearray()))


class _Into:
    def __init__(self, to: bytearray) -> None:
        self._to = to

    def write(self, data: bytes) -> int:
        self._to += data
        return len(data)
