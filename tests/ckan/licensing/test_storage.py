"""What agreements are kept in: sealed, put once, never changed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator

import pytest

from ckanext.govdata.storage import buckets
from licensing.core.errors import Conflict, InvalidInput, NotFound
from licensing.ports import Storage

CONTENT = "合作协议：甲方、乙方。".encode()
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def storage(context: None) -> Iterator[Storage]:
    from ckanext.govdata.licensing_ports.setup import setup
    from ckanext.govdata.licensing_ports.storage import SealedStorage

    with setup().session() as session:
        yield SealedStorage(session, buckets.staging(), buckets.keyring())


@pytest.fixture
def key() -> str:
    return f"test/{secrets.token_hex(8)}.pdf"


def test_what_was_put_is_got_and_stands_nowhere_in_plain(storage: Storage, key: str) -> None:
    storage.put(key, CONTENT, DIGEST)
    assert storage.get(key) == CONTENT
    assert CONTENT not in buckets.staging().read(f"licensing/{key}")


def test_the_same_content_again_changes_nothing_and_other_content_is_refused(
    storage: Storage, key: str
) -> None:
    storage.put(key, CONTENT, DIGEST)
    storage.put(key, CONTENT, DIGEST)
    with pytest.raises(Conflict):
        storage.put(key, b"other", hashlib.sha256(b"other").hexdigest())
    assert storage.get(key) == CONTENT


def test_an_object_that_was_changed_or_exchanged_is_refused(storage: Storage, key: str) -> None:
    storage.put(key, CONTENT, DIGEST)
    store = buckets.staging()
    sealed = store.read(f"licensing/{key}")
    store.put(f"licensing/{key}", sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(Conflict):
        storage.get(key)
    store.put(f"licensing/other-{key.replace('/', '-')}", sealed)
    with pytest.raises(Conflict):
        storage.get(f"other-{key.replace('/', '-')}")


@pytest.mark.parametrize("bad", ["", "../x", "/x", "a//b", "a b", "中文"])
def test_a_key_that_is_no_plain_one_is_refused(storage: Storage, bad: str) -> None:
    with pytest.raises(InvalidInput):
        storage.put(bad, CONTENT, DIGEST)


def test_a_wrong_digest_and_a_missing_object_are_told(storage: Storage, key: str) -> None:
    with pytest.raises(InvalidInput):
        storage.put(key, CONTENT, "0" * 64)
    with pytest.raises(NotFound):
        storage.get(key)
