"""What a killed process leaves behind: a committed change that nobody has settled."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import psycopg2
import pytest
import redis

from ckanext.govdata.cache import outbox
from ckanext.govdata.cache.versions import Versions
from tests.stack import Stack

PATIENCE = 60.0


@pytest.fixture
def versions(settings: Any) -> Versions:
    return Versions(redis.Redis.from_url(settings["ckanext.govdata.cache.url"]))


@pytest.fixture
def connection(settings: Any) -> Iterator[Any]:
    with closing(psycopg2.connect(settings["sqlalchemy.url"])) as opened:
        yield opened


def rename(cursor: Any, name: str, title: str) -> None:
    cursor.execute('UPDATE "group" SET title = %s WHERE name = %s', (title, name))


def await_title(page: str, title: str) -> None:
    until = time.monotonic() + PATIENCE
    while title not in httpx.get(page, timeout=60).text:
        assert time.monotonic() < until, "the scheduler has not settled it"


def test_a_process_killed_after_its_commit_leaves_no_old_page_and_is_settled_by_the_scheduler(
    stack: Stack, connection: Any, versions: Versions
) -> None:
    name = str(stack.account("compiler").organization)
    page = f"{stack.base_url}/organization/{name}"
    with connection.cursor() as cursor:
        cursor.execute('SELECT title FROM "group" WHERE name = %s', (name,))
        before = cursor.fetchone()[0]
        assert before in httpx.get(page, timeout=60).text
        try:
            # As the listener of commits does it; the process ends before it can settle.
            rename(cursor, name, "改名后的部门")
            xact, scopes = outbox.own_changes(cursor) or (0, [])
            assert "departments" in scopes
            versions.mark(str(xact), scopes)
            connection.commit()
            assert "改名后的部门" in httpx.get(page, timeout=60).text
            until = time.monotonic() + PATIENCE
            while str(xact) in versions.open_holders(0):
                assert time.monotonic() < until, "the scheduler has not settled it"
            assert "改名后的部门" in httpx.get(page, timeout=60).text
        finally:
            rename(cursor, name, before)
            connection.commit()
    # A change by hand marks nothing; the list in the database tells of it all the same.
    await_title(page, before)


def test_a_mark_of_a_transaction_that_never_committed_does_not_stay(
    connection: Any, versions: Versions
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        xact = cursor.fetchone()[0]
        versions.mark(xact, ["followers"])
        connection.rollback()
    until = time.monotonic() + PATIENCE
    while xact in versions.open_holders(0):
        assert time.monotonic() < until, "the scheduler has not let go of it"
