"""The two hashes of the ledger: SHA-256 (FIPS 180-4) and SM3 (GB/T 32905-2016).

A new SM3 object looks its algorithm up in OpenSSL each time, which takes as long as hashing an entry;
copying a blank one does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from types import MappingProxyType

_blank = hashlib.new("sm3").copy


def sha256(data: bytes) -> bytes:
    """32 bytes."""
    return hashlib.sha256(data).digest()


def sm3(data: bytes) -> bytes:
    """32 bytes."""
    made = _blank()
    made.update(data)
    return made.digest()


BY_NAME: Mapping[str, Callable[[bytes], bytes]] = MappingProxyType({"sha256": sha256, "sm3": sm3})
