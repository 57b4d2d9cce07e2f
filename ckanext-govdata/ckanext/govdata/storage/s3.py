"""The one S3 client: any server that speaks S3 (S3Proxy, MinIO, Ceph, a cloud) through boto3.

Large objects go up as multipart uploads, part by part, so that memory stays bounded by one part; an
upload that is not committed is aborted and leaves nothing. Reads are ranged. Transport errors and
5xx answers are tried again with growing pauses before they become :class:`StoreUnavailable`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from typing import Any

import boto3
from botocore.client import Config
from botocore.exceptions import BotoCoreError, ClientError

from ckanext.govdata.storage.errors import ObjectMissing, RangeInvalid, StoreUnavailable
from ckanext.govdata.storage.objects import PART_SIZE, STREAM_SIZE, ObjectInfo, ObjectWriter

_ATTEMPTS = 5
_CONNECT_SECONDS, _READ_SECONDS = 5, 60
_DELETE_BATCH = 1000  # the most keys that one DeleteObjects request may name


@dataclass(frozen=True, slots=True)
class S3Settings:
    """Where a bucket is and who may use it; ``endpoint`` is a URL, empty for the SDK's own default."""

    endpoint: str
    access_key: str
    secret_key: str
    region: str
    bucket: str

    def __repr__(self) -> str:  # the secret must not reach a log by way of a traceback
        return f"S3Settings(endpoint={self.endpoint!r}, bucket={self.bucket!r})"

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


class S3Store:
    """One bucket on an S3 server; the client is made at first use and is safe between threads."""

    def __init__(self, settings: S3Settings) -> None:
        self.settings = settings
        self._client: Any = None
        self._pid = 0

    @property
    def client(self) -> Any:
        # A forked worker must not share its parent's connections.
        if self._client is None or self._pid != os.getpid():
            self._pid = os.getpid()
            self._client = boto3.session.Session().client(
                "s3",
                endpoint_url=self.settings.endpoint or None,
                aws_access_key_id=self.settings.access_key,
                aws_secret_access_key=self.settings.secret_key,
                region_name=self.settings.region,
                config=Config(
                    signature_version="s3v4",
                    retries={"max_attempts": _ATTEMPTS, "mode": "standard"},
                    connect_timeout=_CONNECT_SECONDS,
                    read_timeout=_READ_SECONDS,
                    max_pool_connections=16,
                    s3={"addressing_style": "path"},
                    # Servers other than AWS do not all know the newer trailing checksums.
                    request_checksum_calculation="when_required",
                    response_checksum_validation="when_required",
                ),
            )
        return self._client

    def ensure_bucket(self) -> None:
        """Make the bucket when it is not there; repeatable."""
        with _translated():
            try:
                self.client.head_bucket(Bucket=self.settings.bucket)
            except ClientError as error:
                if _status(error) != 404:
                    raise
                self.client.create_bucket(Bucket=self.settings.bucket)

    def put(self, key: str, data: bytes, *, content_type: str = "application/octet-stream") -> ObjectInfo:
        with _translated():
            self.client.put_object(
                Bucket=self.settings.bucket, Key=key, Body=bytes(data), ContentType=content_type
            )
        return ObjectInfo(key, len(data), datetime.now(timezone.utc))

    def writer(self, key: str, *, content_type: str = "application/octet-stream") -> ObjectWriter:
        return _S3Writer(self, key, content_type)

    def head(self, key: str) -> ObjectInfo:
        with _translated():
            answer = self.client.head_object(Bucket=self.settings.bucket, Key=key)
        return ObjectInfo(key, answer["ContentLength"], answer["LastModified"])

    def read(self, key: str, start: int = 0, length: int | None = None) -> bytes:
        if length == 0:
            self.head(key)
            return b""
        with _translated():
            body = self._get(key, start, length)["Body"]
            try:
                return bytes(body.read())
            finally:
                body.close()

    def stream(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        if length == 0:
            self.head(key)
            return iter(())
        with _translated():
            answer = self._get(key, start, length)
        return _chunks(answer["Body"])

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        return (info for info, _etag in self.tagged(prefix))

    def tagged(self, prefix: str = "") -> Iterator[tuple[ObjectInfo, str]]:
        """Objects with their entity tags, which change with their content."""
        with _translated():
            pages = self.client.get_paginator("list_objects_v2").paginate(
                Bucket=self.settings.bucket, Prefix=prefix
            )
            for page in pages:
                for item in page.get("Contents", ()):
                    info = ObjectInfo(item["Key"], item["Size"], item["LastModified"])
                    yield info, str(item.get("ETag", ""))

    def content_type(self, key: str) -> str:
        """What the object was put as. Raises ObjectMissing."""
        with _translated():
            answer = self.client.head_object(Bucket=self.settings.bucket, Key=key)
        return str(answer.get("ContentType") or "application/octet-stream")

    def delete(self, key: str) -> None:
        with _translated():
            self.client.delete_object(Bucket=self.settings.bucket, Key=key)

    def delete_prefix(self, prefix: str) -> int:
        if not prefix:
            raise ValueError("an empty prefix would destroy the bucket")
        keys = [info.key for info in self.list(prefix)]
        for at in range(0, len(keys), _DELETE_BATCH):
            batch = [{"Key": key} for key in keys[at : at + _DELETE_BATCH]]
            with _translated():
                answer = self.client.delete_objects(
                    Bucket=self.settings.bucket, Delete={"Objects": batch, "Quiet": True}
                )
            if answer.get("Errors"):
                raise StoreUnavailable(
                    "对象存储未能删除 {count} 个对象，请稍后再试。",
                    "The object store did not delete {count} objects; try again.",
                    count=len(answer["Errors"]),
                )
        return len(keys)

    def abort_stale_uploads(self, before: datetime) -> int:
        """End multipart uploads begun before ``before`` whose process died; returns how many."""
        ended = 0
        with _translated():
            pages = self.client.get_paginator("list_multipart_uploads").paginate(Bucket=self.settings.bucket)
            for page in pages:
                for item in page.get("Uploads", ()):
                    if item["Initiated"] < before:
                        self.client.abort_multipart_upload(
                            Bucket=self.settings.bucket, Key=item["Key"], UploadId=item["UploadId"]
                        )
                        ended += 1
        return ended

    def _get(self, key: str, start: int, length: int | None) -> Any:
        arguments = {"Bucket": self.settings.bucket, "Key": key}
        if start or length is not None:
            arguments["Range"] = f"bytes={start}-" + ("" if length is None else str(start + length - 1))
        try:
            return self.client.get_object(**arguments)
        except ClientError as error:
            # "bytes=0-9" of an empty object is no error to a reader: it holds zero of those bytes.
            if _status(error) == 416 and start == 0:
                return self.client.get_object(Bucket=self.settings.bucket, Key=key)
            raise


class _S3Writer(ObjectWriter):
    """Buffers one part; a small object is one PUT, a large one a multipart upload."""

    def __init__(self, store: S3Store, key: str, content_type: str) -> None:
        super().__init__(key)
        self._store, self._content_type = store, content_type
        self._buffer = bytearray()
        self._upload_id: str | None = None
        self._parts: list[dict[str, Any]] = []

    def write(self, data: bytes) -> int:  # type: ignore[override]
        if self.closed:
            raise ValueError("the writer is closed")
        self._buffer += data
        self._position += len(data)
        while len(self._buffer) >= PART_SIZE:
            part = bytes(self._buffer[:PART_SIZE])
            del self._buffer[:PART_SIZE]
            self._send(part)
        return len(data)

    def _send(self, part: bytes) -> None:
        bucket, client = self._store.settings.bucket, self._store.client
        with _translated():
            if self._upload_id is None:
                self._upload_id = client.create_multipart_upload(
                    Bucket=bucket, Key=self.key, ContentType=self._content_type
                )["UploadId"]
            number = len(self._parts) + 1
            answer = client.upload_part(
                Bucket=bucket, Key=self.key, UploadId=self._upload_id, PartNumber=number, Body=part
            )
        self._parts.append({"PartNumber": number, "ETag": answer["ETag"]})

    def _finish(self) -> ObjectInfo:
        if self._upload_id is None:
            return self._store.put(self.key, bytes(self._buffer), content_type=self._content_type)
        if self._buffer:
            self._send(bytes(self._buffer))
            self._buffer.clear()
        with _translated():
            self._store.client.complete_multipart_upload(
                Bucket=self._store.settings.bucket,
                Key=self.key,
                UploadId=self._upload_id,
                MultipartUpload={"Parts": self._parts},
            )
        return ObjectInfo(self.key, self._position, datetime.now(timezone.utc))

    def _discard(self) -> None:
        self._buffer.clear()
        if self._upload_id is not None:
            upload_id, self._upload_id = self._upload_id, None
            with _translated():
                self._store.client.abort_multipart_upload(
                    Bucket=self._store.settings.bucket, Key=self.key, UploadId=upload_id
                )


def _chunks(body: Any) -> Iterator[bytes]:
    try:
        with _translated():
            while chunk := body.read(STREAM_SIZE):
                yield chunk
    finally:
        body.close()


@contextmanager
def _translated() -> Iterator[None]:
    """Give an SDK error the meaning that the protocol promises; its text never goes on (it may hold keys)."""
    try:
        yield
    except ClientError as error:
        if _status(error) == 404:
            raise ObjectMissing("对象不存在。", "There is no such object.") from None
        if _status(error) == 416:
            raise RangeInvalid("对象没有这一段字节。", "The object has no such bytes.") from None
        code = str(error.response.get("Error", {}).get("Code", ""))
        raise StoreUnavailable(
            "对象存储拒绝了请求（{code}），请稍后再试；若持续出现，请检查存储服务的账号与空间。",
            "The object store refused the request ({code}); try again, then check its credentials and space.",
            code=code or _status(error),
        ) from None
    except BotoCoreError as error:
        raise StoreUnavailable(
            "对象存储没有应答（{code}），请稍后再试；若持续出现，请检查存储服务是否在运行。",
            "The object store does not answer ({code}); try again, then check that it is running.",
            code=type(error).__name__,
        ) from None


def _status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
