"""Tensor files: read as they are written, refused when anything is odd."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.tagger.tensors import TensorUnreadable, read_tensor


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def written(values: np.ndarray, head: tuple[int, int, int] = (0, 0, 0), kind: int = 5) -> bytes:
    extents = b"".join(b"\x10" + varint(extent) for extent in values.shape)
    descriptor = b"\x08" + varint(kind) + extents
    return struct.pack("<IQII", *head, len(descriptor)) + descriptor + values.astype("<f4").tobytes()


@given(st.lists(st.integers(1, 9), min_size=1, max_size=3), st.integers(0, 2**32 - 1))
def test_a_tensor_is_read_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, shape, seed) -> None:
    values = np.random.default_rng(seed).normal(size=shape).astype(np.float32)
    path = tmp_path_factory.mktemp("tensor") / "w_0"
    path.write_bytes(written(values))
    np.testing.assert_array_equal(read_tensor(path), values)


def test_an_extent_of_more_than_seven_bits_is_read(tmp_path: Path) -> None:
    (tmp_path / "w").write_bytes(written(np.zeros((300, 2), np.float32)))
    assert read_tensor(tmp_path / "w").shape == (300, 2)


VALUES = np.arange(6, dtype=np.float32).reshape(2, 3)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00" * 7, "shorter"),
        (written(VALUES, head=(1, 0, 0)), "version"),
        (written(VALUES, head=(0, 1, 0)), "version"),
        (written(VALUES, kind=6), "not float32"),
        (written(VALUES)[:-1], "do not fill"),
        (written(VALUES) + b"\x00", "do not fill"),
        (struct.pack("<IQII", 0, 0, 0, 2) + b"\x08\x85", "breaks off"),
        (struct.pack("<IQII", 0, 0, 0, 2) + b"\x18\x01", "unknown field"),
    ],
)
def test_a_damaged_tensor_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "crfw").write_bytes(content)
    with pytest.raises(TensorUnreadable, match=said) as refused:
        read_tensor(tmp_path / "crfw")
    assert "crfw" in str(refused.value)
