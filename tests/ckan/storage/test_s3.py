"""The S3 adapter keeps the contract of object stores on the embedded S3 server."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from ckanext.govdata.storage import sealed
from ckanext.govdata.storage.keyring import Keyring
from ckanext.govdata.storage.objects import PART_SIZE
from ckanext.govdata.storage.s3 import S3Settings, S3Store
from tests.unit.portal.storage.contract import ObjectStoreContract


@pytest.fixture
def store(s3_settings: S3Settings) -> Iterator[S3Store]:
    """A bucket of its own, destroyed with everything in it."""
    bucket = "test-" + secrets.token_hex(8)
    ours = S3Store(
        S3Settings(
            s3_settings.endpoint, s3_settings.access_key, s3_settings.secret_key, s3_settings.region, bucket
        )
    )
    ours.ensure_bucket()
    ours.ensure_bucket()
    yield ours
    for info in list(ours.list("")):
        ours.delete(info.key)
    ours.client.delete_bucket(Bucket=bucket)


class TestS3Store(ObjectStoreContract):
    pass


def test_a_sealed_object_of_many_parts_survives_the_store(store: S3Store) -> None:
    ring = Keyring.from_text(Keyring.generate("k1"))
    content = secrets.token_bytes(2 * PART_SIZE + 4321)
    with sealed.sealing(store, "raw/big", ring) as writer:
        for at in range(0, len(content), 1_000_003):
            writer.write(content[at : at + 1_000_003])
    with sealed.open_sealed(store, "raw/big", ring) as stream:
        assert stream.read() == content
        stream.seek(PART_SIZE + 7)
        assert stream.read(100) == content[PART_SIZE + 7 :][:100]


def test_multipart_uploads_of_dead_processes_are_ended(store: S3Store) -> None:
    writer: Any = store.writer("abandoned")
    writer.write(bytes(PART_SIZE + 1))
    assert store.abort_stale_uploads(datetime.now(timezone.utc) - timedelta(days=1)) == 0
    assert store.abort_stale_uploads(datetime.now(timezone.utc) + timedelta(days=1)) == 1
    assert list(store.list("")) == []


def test_the_buckets_answer_nobody_without_a_signature(store: S3Store) -> None:
    import requests

    store.put("raw/x", b"content")
    base = store.settings.endpoint
    for path in ("", f"/{store.settings.bucket}", f"/{store.settings.bucket}/raw/x"):
        assert requests.get(base + path, timeout=10).status_code == 403
