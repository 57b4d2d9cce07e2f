"""Uploads in parts: sealed, resumable, of one person only."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from ckanext.govdata.storage import raw, sealed, uploads
from ckanext.govdata.storage.errors import ObjectMissing, UploadRefused
from ckanext.govdata.storage.keyring import Keyring
from ckanext.govdata.storage.memory import MemoryStore

RING = Keyring.from_text(Keyring.generate("k1"))
PART = 1000
SECRET = "王五 6222021234567890123 ".encode()
CONTENT = (SECRET * 200)[: 3 * PART + 17]


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: Any) -> None:
    monkeypatch.setattr(uploads, "PART_SIZE", PART)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


def _begin(store: MemoryStore, size: int = len(CONTENT), user: str = "u1") -> uploads.Ticket:
    return uploads.begin(
        store, RING, release_id="r1", user_id=user, filename="低保.csv", size=size, max_bytes=10_000
    )


def _part(number: int) -> Iterator[bytes]:
    piece = CONTENT[(number - 1) * PART : number * PART]
    return iter([piece[:300], piece[300:]])


def _send(store: MemoryStore, ticket: uploads.Ticket, *numbers: int) -> None:
    for number in numbers:
        uploads.put_part(store, RING, ticket, number, _part(number))


def _code(call: Any, *args: Any, **kwargs: Any) -> tuple[str, int]:
    with pytest.raises(UploadRefused) as caught:
        call(*args, **kwargs)
    return caught.value.code, caught.value.status


def test_parts_in_any_order_make_the_file(store: MemoryStore) -> None:
    ticket = _begin(store)
    _send(store, ticket, 4, 2, 1, 3)
    stored = uploads.complete(store, RING, ticket)
    assert (stored.size, stored.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    with sealed.open_sealed(store, stored.key, RING) as stream:
        assert stream.read() == CONTENT
    uploads.discard(store, ticket.id)
    assert [info.key for info in store.list("")] == [stored.key]


def test_an_upload_goes_on_where_it_stopped(store: MemoryStore) -> None:
    ticket = _begin(store)
    _send(store, ticket, 1, 3)
    found = uploads.find(store, RING, ticket.id, "u1")
    assert found == ticket
    assert uploads.present(store, found) == [1, 3]
    assert _code(uploads.complete, store, RING, found) == ("parts_missing", 409)
    _send(store, found, 2, 4)
    assert uploads.complete(store, RING, found).size == len(CONTENT)


def test_a_part_sent_again_replaces_itself(store: MemoryStore) -> None:
    ticket = _begin(store)
    _send(store, ticket, 1, 1, 2, 3, 4, 2)
    assert uploads.complete(store, RING, ticket).sha256 == hashlib.sha256(CONTENT).hexdigest()


@pytest.mark.article("SX-22")
def test_nothing_of_the_file_can_be_read_in_the_store(store: MemoryStore) -> None:
    ticket = _begin(store)
    _send(store, ticket, 1, 2, 3, 4)
    uploads.complete(store, RING, ticket)
    for info in store.list(""):
        stored = store.read(info.key)
        assert "王五".encode() not in stored
        assert b"6222021234567890123" not in stored
        assert "低保".encode() not in stored


@pytest.mark.article("SX-22")
def test_only_who_began_an_upload_sees_it(store: MemoryStore) -> None:
    ticket = _begin(store)
    assert _code(uploads.find, store, RING, ticket.id, "u2") == ("upload_unknown", 404)
    assert _code(uploads.find, store, RING, "../raw/x", "u1") == ("upload_unknown", 404)
    assert _code(uploads.find, store, RING, "A" * 43, "u1") == ("upload_unknown", 404)


def test_staging_keys_cannot_be_guessed() -> None:
    keys = {raw.new_key() for _ in range(100)}
    assert len(keys) == 100
    assert all(len(key) >= len(raw.RAW_PREFIX) + 43 for key in keys)


@pytest.mark.parametrize(("part", "pieces"), [(1, [b"x" * 999]), (1, [b"x" * 600, b"x" * 401]), (4, [b""])])
def test_a_part_of_another_length_is_refused_and_not_kept(
    store: MemoryStore, part: int, pieces: list[bytes]
) -> None:
    ticket = _begin(store)
    assert _code(uploads.put_part, store, RING, ticket, part, iter(pieces)) == ("part_length", 422)
    assert uploads.present(store, ticket) == []


def test_a_body_without_end_is_not_read_to_its_end(store: MemoryStore) -> None:
    ticket = _begin(store)
    taken = []

    def endless() -> Iterator[bytes]:
        while True:
            taken.append(1)
            yield b"x" * 500

    assert _code(uploads.put_part, store, RING, ticket, 1, endless()) == ("part_length", 422)
    assert len(taken) == 3


@pytest.mark.parametrize("part", [0, 5, -1])
def test_a_part_that_the_file_does_not_have_is_refused(store: MemoryStore, part: int) -> None:
    ticket = _begin(store)
    assert _code(uploads.put_part, store, RING, ticket, part, iter([b"x"])) == ("part_unknown", 404)


def test_a_damaged_part_is_refused_when_its_digest_was_announced(store: MemoryStore) -> None:
    ticket = _begin(store)
    good = hashlib.sha256(CONTENT[:PART]).digest()
    assert uploads.put_part(store, RING, ticket, 1, _part(1), sha256=good) == good.hex()
    assert _code(uploads.put_part, store, RING, ticket, 2, _part(2), sha256=good) == ("part_digest", 422)
    assert uploads.present(store, ticket) == [1]


@pytest.mark.parametrize(
    ("size", "code"), [(0, "empty_file"), (-1, "empty_file"), (10_001, "file_too_large")]
)
def test_sizes_out_of_bounds_open_nothing(store: MemoryStore, size: int, code: str) -> None:
    assert _code(_begin, store, size)[0] == code
    assert list(store.list("")) == []


def test_a_stored_stream_is_sealed_and_hashed(store: MemoryStore) -> None:
    stored = raw.store_raw(io.BytesIO(CONTENT), store=store, keyring=RING, max_bytes=len(CONTENT))
    assert (stored.size, stored.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    with sealed.open_sealed(store, stored.key, RING) as stream:
        assert stream.read() == CONTENT


@pytest.mark.parametrize(("content", "code"), [(b"", "empty_file"), (CONTENT, "file_too_large")])
def test_a_stream_out_of_bounds_leaves_nothing(store: MemoryStore, content: bytes, code: str) -> None:
    found = _code(raw.store_raw, io.BytesIO(content), store=store, keyring=RING, max_bytes=100)
    assert found[0] == code
    assert list(store.list("")) == []


def test_abandoned_uploads_are_destroyed_and_others_stay(store: MemoryStore) -> None:
    old, fresh = _begin(store), _begin(store)
    _send(store, old, 1)
    _send(store, fresh, 1)
    long_ago = datetime.now(timezone.utc) - timedelta(days=9)
    for key, (data, modified) in list(store._objects.items()):
        store._objects[key] = (data, long_ago if old.id in key else modified)
    kept = store.put("raw/x", b"not an upload")
    assert uploads.reap(store, datetime.now(timezone.utc) - timedelta(days=1)) == 1
    assert {info.key.split("/")[1] for info in store.list("uploads/")} == {fresh.id}
    assert store.head("raw/x").size == kept.size
    with pytest.raises(ObjectMissing):
        store.head(f"uploads/{old.id}/ticket")
