"""What every object store must do; each adapter runs the suite by subclassing it."""

from __future__ import annotations

import os

import pytest

from ckanext.govdata.storage.errors import ObjectMissing, RangeInvalid
from ckanext.govdata.storage.objects import PART_SIZE, STREAM_SIZE, ObjectStore


class ObjectStoreContract:
    """Subclasses give the fixture ``store``: an empty bucket."""

    def test_what_is_put_is_read_back(self, store: ObjectStore) -> None:
        info = store.put("a/b", b"content")
        assert (info.key, info.size) == ("a/b", 7)
        assert store.head("a/b").size == 7
        assert store.read("a/b") == b"content"

    def test_an_empty_object_is_an_object(self, store: ObjectStore) -> None:
        store.put("empty", b"")
        assert store.head("empty").size == 0
        assert store.read("empty") == b""
        assert store.read("empty", 0, 10) == b""
        assert list(store.stream("empty")) == []

    def test_putting_again_replaces(self, store: ObjectStore) -> None:
        store.put("a", b"first, and longer")
        store.put("a", b"second")
        assert store.read("a") == b"second"

    @pytest.mark.parametrize(
        ("start", "length", "expected"),
        [
            (0, 4, b"0123"),
            (3, 4, b"3456"),
            (6, None, b"6789"),
            (8, 100, b"89"),
            (9, 1, b"9"),
            (0, 0, b""),
            (5, 0, b""),
        ],
    )
    def test_a_range_gives_exactly_those_bytes(
        self, store: ObjectStore, start: int, length: int | None, expected: bytes
    ) -> None:
        store.put("digits", b"0123456789")
        assert store.read("digits", start, length) == expected
        assert b"".join(store.stream("digits", start, length)) == expected

    def test_a_range_behind_the_end_is_refused(self, store: ObjectStore) -> None:
        store.put("digits", b"0123456789")
        with pytest.raises(RangeInvalid):
            store.read("digits", 10, 1)

    def test_a_missing_object_is_an_error_at_once(self, store: ObjectStore) -> None:
        with pytest.raises(ObjectMissing):
            store.head("none")
        with pytest.raises(ObjectMissing):
            store.read("none")
        with pytest.raises(ObjectMissing):
            store.stream("none")
        with pytest.raises(ObjectMissing):
            store.stream("none", 0, 0)

    def test_a_stream_comes_in_bounded_chunks(self, store: ObjectStore) -> None:
        content = os.urandom(2 * STREAM_SIZE + 17)
        store.put("big", content)
        chunks = list(store.stream("big"))
        assert b"".join(chunks) == content
        assert max(map(len, chunks)) <= STREAM_SIZE

    @pytest.mark.parametrize("size", [0, 1, PART_SIZE - 1, PART_SIZE, 2 * PART_SIZE, 2 * PART_SIZE + 3])
    def test_a_writer_makes_the_object_at_commit(self, store: ObjectStore, size: int) -> None:
        content = os.urandom(size)
        writer = store.writer("written")
        for at in range(0, size, 700_001):
            writer.write(content[at : at + 700_001])
        with pytest.raises(ObjectMissing):
            store.head("written")
        assert writer.commit().size == size
        assert store.read("written") == content

    def test_a_writer_that_is_closed_leaves_nothing(self, store: ObjectStore) -> None:
        writer = store.writer("half")
        writer.write(bytes(PART_SIZE + 1))
        writer.close()
        with pytest.raises(ObjectMissing):
            store.head("half")
        with pytest.raises(ValueError, match="closed"):
            writer.commit()

    def test_an_exception_in_the_block_leaves_nothing(self, store: ObjectStore) -> None:
        def break_off() -> None:
            with store.writer("half") as writer:
                writer.write(bytes(PART_SIZE + 1))
                raise RuntimeError

        with pytest.raises(RuntimeError):
            break_off()
        assert list(store.list("half")) == []

    def test_an_aborted_writer_keeps_what_was_there(self, store: ObjectStore) -> None:
        store.put("kept", b"old")
        writer = store.writer("kept")
        writer.write(b"new")
        writer.close()
        assert store.read("kept") == b"old"

    def test_a_list_holds_the_prefix_only_in_order(self, store: ObjectStore) -> None:
        for key in ("x/2", "x/1", "y/1", "x-1"):
            store.put(key, key.encode())
        assert [(info.key, info.size) for info in store.list("x/")] == [("x/1", 3), ("x/2", 3)]

    def test_deleting_is_repeatable(self, store: ObjectStore) -> None:
        store.put("a", b"1")
        store.delete("a")
        store.delete("a")
        with pytest.raises(ObjectMissing):
            store.head("a")

    def test_a_prefix_is_destroyed_whole_and_nothing_else(self, store: ObjectStore) -> None:
        for key in ("r/1/csv", "r/1/xlsx", "r/10/csv"):
            store.put(key, b"1")
        assert store.delete_prefix("r/1/") == 2
        assert [info.key for info in store.list("r/")] == ["r/10/csv"]

    def test_an_empty_prefix_is_refused(self, store: ObjectStore) -> None:
        store.put("a", b"1")
        with pytest.raises(ValueError, match="prefix"):
            store.delete_prefix("")
        assert store.read("a") == b"1"
