"""Keyed randomness over whole columns: for values, for rows, and as a permutation of rows.

Everything random in a result comes from here and depends on a key and on the value or on the row's
number, never on how the table was cut into batches or on which machine a batch was done.

* ``value_words``: AES-256-CMAC (NIST SP 800-38B, RFC 4493) of each value, the same for equal values.
* ``row_words``: AES-256 (FIPS 197) of each row's number.
* ``permuted``: a keyed permutation of all row numbers: a Feistel network of eight rounds over AES, with
  cycle walking (J. Black, P. Rogaway, Ciphers with Arbitrary Finite Domains, 2002).

One AES call serves a whole column; a keyed hash called once a value would take ten times as long.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

Words = npt.NDArray[np.uint64]
Bytes = npt.NDArray[np.uint8]
BLOCK = 16
_ROUNDS = 8


def value_words(key: bytes, values: pl.Series) -> Words:
    """Two 64-bit words a value, shape ``(n, 2)``: its CMAC under ``key`` (32 bytes)."""
    result = np.empty((len(values), 2), dtype=np.uint64)
    lengths = values.str.len_bytes().to_numpy()
    order = pl.Series(lengths).arg_sort().to_numpy()
    # Values of one length stand in memory one after another: a matrix without a copy in Python.
    together = values.gather(order)
    ends = np.flatnonzero(np.diff(lengths[order], append=-1)) + 1
    start = 0
    for end in ends.tolist():
        length = int(lengths[order[start]])
        joined = together.slice(start, end - start).str.join("").item() if length else ""
        matrix = np.frombuffer(joined.encode(), dtype=np.uint8).reshape(end - start, length)
        result[order[start:end]] = _cmac(key, matrix)
        start = end
    return result


def _cmac(key: bytes, messages: Bytes) -> Words:
    """CMAC of each row of ``messages``, shape ``(n, length)`` → ``(n, 2)``."""
    count, length = messages.shape
    first, second = _subkeys(key)
    blocks = max(1, -(-length // BLOCK))
    padded = np.zeros((count, blocks * BLOCK), dtype=np.uint8)
    padded[:, :length] = messages
    if length == blocks * BLOCK:
        padded[:, -BLOCK:] ^= first
    else:
        padded[:, length] = 0x80
        padded[:, -BLOCK:] ^= second
    cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305  the block function of CMAC
    state = np.zeros((count, BLOCK), dtype=np.uint8)
    for block in range(blocks):
        state = state ^ padded[:, block * BLOCK : (block + 1) * BLOCK]
        state = np.frombuffer(cipher.update(state.tobytes()), dtype=np.uint8).reshape(count, BLOCK)
    return state.copy().view("<u8").astype(np.uint64)


def _subkeys(key: bytes) -> tuple[Bytes, Bytes]:
    """K1 and K2 of SP 800-38B 6.1: the encrypted zero block, doubled once and twice in GF(2¹²⁸)."""
    cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305  as above
    value = int.from_bytes(cipher.update(bytes(BLOCK)), "big")
    keys = []
    for _ in range(2):
        value = (value << 1) ^ (0x87 if value >> 127 else 0)
        value &= (1 << 128) - 1
        keys.append(np.frombuffer(value.to_bytes(BLOCK, "big"), dtype=np.uint8))
    return keys[0], keys[1]


def row_words(key: bytes, rows: pl.Series, lane: int = 0) -> Words:
    """Two 64-bit words a row, shape ``(n, 2)``; other ``lane`` numbers give unrelated words."""
    blocks = np.empty((len(rows), 2), dtype="<u8")
    blocks[:, 0] = rows.to_numpy()
    blocks[:, 1] = lane
    return _aes(key, blocks)


def _aes(key: bytes, blocks: Words) -> Words:
    cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305  one block, one number
    made = np.frombuffer(cipher.update(blocks.astype("<u8").tobytes()), dtype="<u8")
    return made.reshape(-1, 2).astype(np.uint64)


def fractions(words: Words) -> npt.NDArray[np.float64]:
    """Each word as a number above 0 and below 1, with 52 random bits."""
    return ((words >> np.uint64(12)).astype(np.float64) + 0.5) / float(1 << 52)


def permuted(key: bytes, rows: pl.Series, size: int) -> Words:
    """Where each of ``rows`` goes in a keyed permutation of ``0 … size-1``."""
    half = max(1, -(-max(size - 1, 1).bit_length() // 2))
    places = rows.to_numpy().astype(np.uint64)
    pending = np.arange(len(places))
    while len(pending):
        places[pending] = _feistel(key, places[pending], half)
        # Walk on until inside: every step is a permutation of the larger square.
        pending = pending[places[pending] >= np.uint64(size)]
    return places


def _feistel(key: bytes, numbers: Words, half: int) -> Words:
    mask = np.uint64((1 << half) - 1)
    left, right = numbers >> np.uint64(half), numbers & mask
    blocks = np.empty((len(numbers), 2), dtype=np.uint64)
    for step in range(_ROUNDS):
        blocks[:, 0], blocks[:, 1] = right, step
        left, right = right, left ^ (_aes(key, blocks)[:, 0] & mask)
    return (left << np.uint64(half)) | right
