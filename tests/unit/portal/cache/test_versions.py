"""What Valkey keeps for the cache, step by step."""

from __future__ import annotations

import pytest
import redis

from ckanext.govdata.cache.versions import Versions, question, right_answer
from ckanext.govdata.cache.wire import Wire

SCOPES = ["catalogue", "site"]


@pytest.fixture
def wire(valkey_url: str) -> Wire:
    return Wire(valkey_url)


def test_a_page_is_current_until_one_of_its_scopes_is_marked(versions: Versions, wire: Wire) -> None:
    kept = versions.keep("p", versions.begin(), SCOPES, b"page", 60)
    assert kept is not None
    assert versions.find("p") == kept
    assert wire.says(question(SCOPES), right_answer(kept))
    versions.mark("1", ["catalogue"])
    assert not wire.says(question(SCOPES), right_answer(kept))
    versions.settle("1")
    assert not wire.says(question(SCOPES), right_answer(kept))


def test_a_page_made_while_a_scope_is_marked_or_changes_is_thrown_away(versions: Versions) -> None:
    before = versions.begin()
    versions.mark("1", ["catalogue"])
    assert versions.keep("p", before, SCOPES, b"page", 60) is None
    assert versions.keep("p", versions.begin(), SCOPES, b"page", 60) is None
    versions.settle("1")
    assert versions.keep("p", before, SCOPES, b"page", 60) is None
    assert versions.keep("p", versions.begin(), SCOPES, b"page", 60) is not None


def test_a_scope_that_two_hold_is_settled_by_the_last(versions: Versions) -> None:
    versions.mark("1", ["catalogue"])
    versions.mark("2", ["catalogue"])
    versions.settle("1")
    assert versions.keep("p", versions.begin(), SCOPES, b"page", 60) is None
    versions.settle("2")
    assert versions.keep("p", versions.begin(), SCOPES, b"page", 60) is not None


def test_another_scope_disturbs_nothing(versions: Versions, wire: Wire) -> None:
    kept = versions.keep("p", versions.begin(), ["dataset:a"], b"page", 60)
    assert kept is not None
    versions.mark("1", ["dataset:b"])
    versions.settle("1")
    assert wire.says(question(["dataset:a"]), right_answer(kept))


def test_nothing_of_before_a_restart_counts(versions: Versions, wire: Wire) -> None:
    begun = versions.begin()
    kept = versions.keep("p", begun, SCOPES, b"page", 60)
    assert kept is not None
    versions.clear()
    assert not wire.says(question(SCOPES), right_answer(kept))
    versions.begin()
    assert versions.keep("p", begun, SCOPES, b"page", 60) is None
    assert not wire.says(question(SCOPES), right_answer(kept))


def test_an_evicted_version_makes_its_pages_unusable(versions: Versions, wire: Wire) -> None:
    kept = versions.keep("p", versions.begin(), SCOPES, b"page", 60)
    assert kept is not None
    versions.client.delete("v:site")
    assert not wire.says(question(SCOPES), right_answer(kept))


def test_what_was_marked_and_forgotten_is_found(versions: Versions) -> None:
    versions.mark("77", ["catalogue"])
    assert versions.open_holders(0) == ["77"]
    assert versions.open_holders(60) == []
    versions.settle("77")
    assert versions.open_holders(0) == []


def test_a_page_is_made_by_one_at_a_time_and_only_the_owner_opens_the_lock(versions: Versions) -> None:
    assert versions.lock("p", "a", 10_000)
    assert not versions.lock("p", "b", 10_000)
    versions.unlock("p", "b")
    assert versions.is_locked("p")
    versions.unlock("p", "a")
    assert not versions.is_locked("p")


def test_the_wire_mends_a_connection_that_the_server_closed(versions: Versions, wire: Wire) -> None:
    kept = versions.keep("p", versions.begin(), SCOPES, b"page", 60)
    assert kept is not None
    assert wire.says(question(SCOPES), right_answer(kept))
    versions.client.client_kill_filter(skipme=True, _type="normal")
    assert wire.says(question(SCOPES), right_answer(kept))


def test_answers_that_are_not_expected_do_not_use_connections_up(versions: Versions, wire: Wire) -> None:
    kept = versions.keep("p", versions.begin(), SCOPES, b"page", 60)
    assert kept is not None
    for _ in range(150):
        assert not wire.says(question(SCOPES), right_answer(kept).replace(kept.boot, b"0" * len(kept.boot)))
    assert wire.says(question(SCOPES), right_answer(kept))
    assert len(versions.client.client_list()) < 20


def test_a_server_that_is_not_there_is_an_error_and_no_answer(tmp_path: object) -> None:
    with pytest.raises((OSError, redis.exceptions.RedisError)):
        Wire(f"unix://{tmp_path}/nothing.sock").says(b"*1\r\n$4\r\nPING\r\n", b"+PONG\r\n")
