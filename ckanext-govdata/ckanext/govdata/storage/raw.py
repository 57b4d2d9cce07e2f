"""Raw files of departments in the staging bucket: sealed, under keys that nobody can guess."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from ckanext.govdata.storage import sealed
from ckanext.govdata.storage.errors import UploadRefused
from ckanext.govdata.storage.keyring import Keyring
from ckanext.govdata.storage.objects import ObjectStore, StoredObject

_READ = 1024 * 1024
RAW_PREFIX = "raw/"


def new_key(prefix: str = RAW_PREFIX) -> str:
    """A staging key of 256 random bits."""
    return prefix + secrets.token_urlsafe(32)


def store_raw(
    stream: BinaryIO,
    *,
    store: ObjectStore,
    keyring: Keyring,
    key: str | None = None,
    max_bytes: int | None = None,
) -> StoredObject:
    """Seal everything that ``stream`` still holds into ``store``; returns plain size and SHA-256.

    Nothing is stored when this raises.

    Raises:
        UploadRefused: empty (422), or more than ``max_bytes`` (413).
        StoreUnavailable: the object store does not answer.
    """
    return store_pieces(_read(stream), store=store, keyring=keyring, key=key, max_bytes=max_bytes)


def store_pieces(
    pieces: Iterable[bytes],
    *,
    store: ObjectStore,
    keyring: Keyring,
    key: str | None = None,
    max_bytes: int | None = None,
) -> StoredObject:
    """:func:`store_raw` for content that comes in pieces."""
    key = key or new_key()
    digest = hashlib.sha256()
    with sealed.sealing(store, key, keyring) as writer:
        for piece in pieces:
            if max_bytes is not None and writer.tell() + len(piece) > max_bytes:
                raise too_large(max_bytes)
            digest.update(piece)
            writer.write(piece)
        size = writer.tell()
        if not size:
            raise UploadRefused(
                "empty_file",
                422,
                "文件是空的，请选择有内容的文件。",
                "The file is empty; choose one with content.",
            )
    return StoredObject(key, size, digest.hexdigest())


def too_large(max_bytes: int) -> UploadRefused:
    return UploadRefused(
        "file_too_large",
        413,
        "文件超过上限 {limit} MB,请拆分后分次上传。",
        "The file is over the limit of {limit} MB; split it and upload the parts as separate releases.",
        limit=max_bytes // (1024 * 1024),
    )


def _read(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(_READ):
        yield piece
