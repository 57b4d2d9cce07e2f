"""Sealed objects: what goes in comes out, and whatever was changed is refused."""

from __future__ import annotations

import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.govdata.storage import sealed
from ckanext.govdata.storage.errors import KeyUnknown, ObjectDamaged, ObjectMissing, StorageError
from ckanext.govdata.storage.keyring import Keyring
from ckanext.govdata.storage.memory import MemoryStore

LOG2 = 8  # chunks of 256 bytes make many borders in little content
CHUNK = 1 << LOG2
RING = Keyring.from_text(Keyring.generate("k1"))
SECRET = "张三 420106198001011234".encode()

contents = st.one_of(
    st.binary(max_size=3 * CHUNK),
    st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 5 * CHUNK + 7]).map(bytes),
)


def _sealed(content: bytes, key: str = "raw/x", ring: Keyring = RING, step: int = 97) -> MemoryStore:
    store = MemoryStore()
    sink = io.BytesIO()
    writer = sealed.SealingWriter(sink, ring, key, LOG2)
    for at in range(0, len(content), step):
        writer.write(content[at : at + step])
    assert writer.seal() == len(content)
    store.put(key, sink.getvalue())
    return store


@given(contents, st.integers(1, 600))
def test_content_comes_back_whatever_the_size_of_the_writes(content: bytes, step: int) -> None:
    store = _sealed(content, step=step)
    with sealed.open_sealed(store, "raw/x", RING) as stream:
        assert stream.read() == content


@given(contents, st.lists(st.tuples(st.integers(0, 1400), st.integers(0, 700)), max_size=8))
def test_any_place_can_be_read_in_any_order(content: bytes, places: list[tuple[int, int]]) -> None:
    store = _sealed(content)
    with sealed.open_sealed(store, "raw/x", RING) as stream:
        for start, length in places:
            stream.seek(start)
            assert stream.read(length) == content[start : start + length]
        assert stream.seek(0, io.SEEK_END) == len(content)


@given(contents)
def test_sizes_are_known_without_opening(content: bytes) -> None:
    size = _sealed(content).head("raw/x").size
    assert size == sealed.sealed_size(len(content), LOG2)
    assert sealed.plain_size(size, LOG2) == len(content)


@given(st.integers(0, sealed.HEADER_SIZE + 4 * (CHUNK + 16)))
def test_a_size_that_no_content_has_is_refused(size: int) -> None:
    try:
        plain = sealed.plain_size(size, LOG2)
    except ObjectDamaged:
        return
    assert sealed.sealed_size(plain, LOG2) == size


@pytest.mark.article("SX-21")
@pytest.mark.article("SX-22")
def test_the_object_holds_nothing_of_the_content() -> None:
    store = _sealed(SECRET * 40)
    stored = store.read("raw/x")
    assert SECRET not in stored
    assert "张三".encode() not in stored
    assert b"420106198001011234" not in stored


def test_the_same_content_sealed_twice_has_nothing_in_common() -> None:
    one, two = (_sealed(SECRET).read("raw/x")[sealed.HEADER_SIZE :] for _ in range(2))
    assert one != two


@settings(max_examples=300)
@given(st.sampled_from([0, 5, CHUNK, 2 * CHUNK + 9]), st.data())
def test_one_flipped_bit_anywhere_is_refused(size: int, data: st.DataObject) -> None:
    content = random.Random(size).randbytes(size)
    store = _sealed(content)
    stored = bytearray(store.read("raw/x"))
    bit = data.draw(st.integers(0, len(stored) * 8 - 1))
    stored[bit // 8] ^= 1 << (bit % 8)
    store.put("raw/x", bytes(stored))
    with pytest.raises((ObjectDamaged, KeyUnknown)), sealed.open_sealed(store, "raw/x", RING) as stream:
        stream.read()


@given(contents, st.data())
def test_a_cut_object_is_refused_before_a_byte_is_given_out(content: bytes, data: st.DataObject) -> None:
    store = _sealed(content)
    stored = store.read("raw/x")
    store.put("raw/x", stored[: data.draw(st.integers(0, len(stored) - 1))])
    with pytest.raises(ObjectDamaged):
        sealed.open_sealed(store, "raw/x", RING)


@given(contents, st.binary(min_size=1, max_size=2 * (CHUNK + 16)))
def test_an_extended_object_is_refused_before_a_byte_is_given_out(content: bytes, more: bytes) -> None:
    store = _sealed(content)
    store.put("raw/x", store.read("raw/x") + more)
    with pytest.raises(ObjectDamaged):
        sealed.open_sealed(store, "raw/x", RING)


@pytest.mark.parametrize("order", [[1, 0, 2], [0, 0, 2], [0, 2], [2], [0, 1, 1, 2]])
def test_chunks_moved_repeated_or_left_out_are_refused(order: list[int]) -> None:
    store = _sealed(random.Random(1).randbytes(3 * CHUNK))
    stored = store.read("raw/x")
    head, slot = stored[: sealed.HEADER_SIZE], CHUNK + 16
    chunks = [stored[sealed.HEADER_SIZE + i * slot :][:slot] for i in range(3)]
    store.put("raw/x", head + b"".join(chunks[i] for i in order))
    with pytest.raises(ObjectDamaged), sealed.open_sealed(store, "raw/x", RING) as stream:
        stream.read()


def test_an_object_passed_off_as_another_is_refused() -> None:
    store = _sealed(SECRET)
    store.put("raw/y", store.read("raw/x"))
    with pytest.raises(ObjectDamaged):
        sealed.open_sealed(store, "raw/y", RING)


def test_an_unknown_key_and_a_missing_object_say_so() -> None:
    store = _sealed(SECRET)
    with pytest.raises(KeyUnknown, match="k1"):
        sealed.open_sealed(store, "raw/x", Keyring.from_text(Keyring.generate("k2")))
    with pytest.raises(ObjectMissing):
        sealed.open_sealed(store, "raw/none", RING)


def test_no_error_repeats_the_storage_key_or_the_content() -> None:
    store = _sealed(SECRET)
    store.put("raw/x", store.read("raw/x")[:-1])
    with pytest.raises(StorageError) as caught:
        sealed.open_sealed(store, "raw/x", RING)
    assert "raw/x" not in caught.value.zh + caught.value.en


def test_an_exception_while_sealing_leaves_no_object() -> None:
    store = MemoryStore()

    def break_off() -> None:
        with sealed.sealing(store, "raw/x", RING) as writer:
            writer.write(SECRET)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert list(store.list("")) == []


def test_nothing_can_be_added_after_the_seal() -> None:
    writer = sealed.SealingWriter(io.BytesIO(), RING, "raw/x", LOG2)
    writer.write(b"1")
    writer.seal()
    with pytest.raises(ValueError, match="sealed"):
        writer.write(b"2")


def test_rotation_wraps_under_the_current_key_and_keeps_the_content() -> None:
    old = Keyring.generate("k1")
    new = Keyring.generate("k2")
    content = random.Random(2).randbytes(3 * CHUNK + 5)
    store = _sealed(content, ring=Keyring.from_text(old))
    both = Keyring.from_text(f"{new},{old}")
    body = store.read("raw/x", sealed.HEADER_SIZE)
    assert sealed.rotate(store, both) == (1, 0)
    assert sealed.key_id_of(store, "raw/x") == "k2"
    assert store.read("raw/x", sealed.HEADER_SIZE) == body
    assert sealed.rotate(store, both) == (0, 1)
    with sealed.open_sealed(store, "raw/x", Keyring.from_text(new)) as stream:
        assert stream.read() == content


def test_reading_fetches_only_the_chunks_that_are_asked_for() -> None:
    class Counting(MemoryStore):
        fetched = 0

        def read(self, key: str, start: int = 0, length: int | None = None) -> bytes:
            data = super().read(key, start, length)
            self.fetched += len(data)
            return data

    store = Counting()
    store.put("raw/x", _sealed(bytes(1000 * CHUNK)).read("raw/x"))
    reader = sealed.SealedReader(store, "raw/x", RING)
    reader.seek(500 * CHUNK)
    assert reader.read(10) == bytes(10)
    assert store.fetched <= sealed.HEADER_SIZE + 2 * (CHUNK + 16)
