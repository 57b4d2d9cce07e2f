"""The S3 adapter without a server: what it says when there is none, and what it does not say."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from ckanext.govdata.storage import s3
from ckanext.govdata.storage.errors import ObjectMissing, RangeInvalid, StorageError, StoreUnavailable
from ckanext.govdata.storage.s3 import S3Settings, S3Store

SECRET = "v3ry-s3cr3t"


def _settings(endpoint: str = "http://127.0.0.1:9") -> S3Settings:
    return S3Settings(endpoint, "user", SECRET, "us-east-1", "bucket")


def test_the_settings_do_not_show_their_secret() -> None:
    assert SECRET not in repr(_settings())


def test_a_server_that_does_not_answer_is_said_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(s3, "_ATTEMPTS", 1)
    with pytest.raises(StoreUnavailable) as caught:
        S3Store(_settings()).read("raw/guessme")
    assert caught.value.status == 503
    assert "对象存储" in caught.value.zh
    assert "object store" in caught.value.en
    assert "guessme" not in caught.value.zh + caught.value.en


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, "NoSuchKey", ObjectMissing),
        (404, "", ObjectMissing),
        (416, "InvalidRange", RangeInvalid),
        (403, "AccessDenied", StoreUnavailable),
        (500, "InternalError", StoreUnavailable),
    ],
)
def test_answers_of_the_server_get_their_meaning(status: int, code: str, kind: type[StorageError]) -> None:
    answer = {
        "Error": {"Code": code, "Message": "raw/guessme"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    with pytest.raises(kind) as caught, s3._translated():
        raise ClientError(answer, "GetObject")  # type: ignore[arg-type]
    assert "guessme" not in caught.value.zh + caught.value.en


def test_a_forked_process_gets_a_client_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    store = S3Store(_settings())
    first = store.client
    assert store.client is first
    monkeypatch.setattr(s3.os, "getpid", lambda: -1)
    assert store.client is not first
