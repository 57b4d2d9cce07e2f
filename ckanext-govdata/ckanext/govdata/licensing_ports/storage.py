"""Agreements, receipts and packages: sealed objects that are put once and never change."""

from __future__ import annotations

import hashlib
import re
from typing import Any, Final

import sqlalchemy as sa

from ckanext.govdata.storage import sealed
from ckanext.govdata.storage.errors import ObjectDamaged, ObjectMissing
from ckanext.govdata.storage.keyring import Keyring
from ckanext.govdata.storage.objects import ObjectStore
from licensing.core.errors import Conflict, InvalidInput, NotFound

PREFIX: Final = "licensing/"
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}(/[A-Za-z0-9][A-Za-z0-9._-]{0,127}){0,7}")
_LOCK = sa.text("SELECT pg_advisory_xact_lock(:number)")


class SealedStorage:
    """Encrypted below ``licensing/`` of a private bucket; see :class:`licensing.ports.Storage`.

    Two writers of one key wait for each other at the database of ``session``: object stores know no
    conditional write that all of them share.
    """

    def __init__(self, session: Any, store: ObjectStore, keyring: Keyring) -> None:
        self._session, self._store, self._keyring = session, store, keyring

    def put(self, key: str, content: bytes, sha256: str) -> None:
        place = self._place(key)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise InvalidInput("内容与摘要不符。", "The content is not that of the digest.")
        number = int.from_bytes(hashlib.sha256(place.encode()).digest()[:8], "big", signed=True)
        self._session.execute(_LOCK, {"number": number})
        try:
            stored = self._read(place)
        except ObjectMissing:
            sealed.seal_bytes(self._store, place, self._keyring, content)
            return
        if stored != content:
            raise Conflict("该文件名已存有其他内容。", "The key holds other content already.")

    def get(self, key: str) -> bytes:
        try:
            return self._read(self._place(key))
        except ObjectMissing as error:
            raise NotFound("没有这个文件。", "There is no such object.") from error
        except ObjectDamaged as error:
            raise Conflict("文件内容与入库时不一致。", "The object is not what was put there.") from error

    def _read(self, place: str) -> bytes:
        with sealed.open_sealed(self._store, place, self._keyring) as stream:
            return stream.read()

    def _place(self, key: str) -> str:
        if not _KEY.fullmatch(key):
            raise InvalidInput("文件名不合规。", "The key is not a plain one.")
        return PREFIX + key
