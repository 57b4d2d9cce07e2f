"""Reading the tensor files in which the weights lie.

One tensor a file, little-endian: version of the file (4 bytes, 0), count of sequence levels (8 bytes, 0 for
weights), version of the tensor (4 bytes, 0), length of a descriptor (4 bytes), the descriptor, raw values.
The descriptor is a protocol buffer: field 1 is the type of the values (5 = float32), field 2, repeated, one
extent of the shape each. Nothing in such a file is executed.
"""

from __future__ import annotations

import math
import struct
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float32]

_HEAD = struct.Struct("<IQII")
_FLOAT32 = 5
_TYPE, _EXTENT = 0x08, 0x10


class TensorUnreadable(ValueError):
    """A file is no tensor of float32 values; the message names the file and what is odd about it."""


def read_tensor(path: Path) -> Floats:
    """The tensor of the file ``path``, float32, in the shape that the file states. Raises
    `TensorUnreadable`.
    """
    content = path.read_bytes()
    if len(content) < _HEAD.size:
        raise TensorUnreadable(f"{path.name}: shorter than its head")
    version, levels, tensor_version, described = _HEAD.unpack_from(content)
    if version or levels or tensor_version:
        raise TensorUnreadable(f"{path.name}: another version of the format")
    kind, shape = _descriptor(content[_HEAD.size : _HEAD.size + described], path.name)
    if kind != _FLOAT32:
        raise TensorUnreadable(f"{path.name}: values of type {kind}, not float32")
    values = content[_HEAD.size + described :]
    if len(values) != 4 * math.prod(shape):
        raise TensorUnreadable(f"{path.name}: {len(values)} bytes do not fill the shape {shape}")
    return np.frombuffer(values, dtype="<f4").reshape(shape).astype(np.float32)


def _descriptor(content: bytes, name: str) -> tuple[int, tuple[int, ...]]:
    """Type and shape that a descriptor states."""
    kind = 0
    shape: list[int] = []
    at = 0
    while at < len(content):
        field = content[at]
        value, at = _varint(content, at + 1, name)
        if field == _TYPE:
            kind = value
        elif field == _EXTENT:
            shape.append(value)
        else:
            raise TensorUnreadable(f"{name}: unknown field {field} in the descriptor")
    return kind, tuple(shape)


def _varint(content: bytes, at: int, name: str) -> tuple[int, int]:
    """An integer of seven bits a byte, lowest first, and where the next field begins."""
    value = shift = 0
    while at < len(content):
        byte = content[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise TensorUnreadable(f"{name}: the descriptor breaks off")
