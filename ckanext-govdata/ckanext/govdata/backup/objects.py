"""The object store of a backup: every bucket, each content once.

Keys never change what they name, so an object that the point before has with the same size, tag and time is
not read again. A bucket is read before the databases' instant and again after it: whatever the databases
named at the instant was there at one of the two, unless it lived for less than the time between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from ckanext.govdata.backup.manifest import Object
from ckanext.govdata.backup.pool import PIECE, Pool
from ckanext.govdata.embedded.ckan_config import PUBLIC_BUCKET, STAGING_BUCKET
from ckanext.govdata.embedded.home import Home
from ckanext.govdata.embedded.secrets import Secrets
from ckanext.govdata.storage.errors import ObjectMissing
from ckanext.govdata.storage.s3 import S3Settings, S3Store

BUCKETS: Final = (STAGING_BUCKET, PUBLIC_BUCKET)
_REGION: Final = "us-east-1"
Lines = dict[str, Object]


def store(home: Home, secrets: Secrets, bucket: str) -> S3Store:
    """A bucket of the stack, as the operator reaches it."""
    endpoint = f"http://127.0.0.1:{home.s3_port}"
    return S3Store(S3Settings(endpoint, secrets.s3_key, secrets.s3_secret, _REGION, bucket))


def copy(source: S3Store, pool: Pool, known: Mapping[str, Object]) -> tuple[Lines, int]:
    """Lines of every object in the bucket, and the bytes that had to be read; what is ``known`` stays unread."""  # noqa: E501
    found: Lines = {}
    read = 0
    for key, size, etag, modified in _listed(source):
        before = known.get(key)
        if (
            before is not None
            and (before["size"], before["etag"], before["modified"]) == (size, etag, modified)
            and pool.holds(before["sha256"], size)
        ):
            found[key] = before
            continue
        try:
            digest, copied, content_type = _fetch(source, pool, key)
        except ObjectMissing:
            continue  # destroyed since it was listed, as a cancelled upload is
        read += copied
        found[key] = Object(
            key=key, size=copied, sha256=digest, etag=etag, modified=modified, type=content_type
        )
    return found, read


def put_back(target: S3Store, pool: Pool, lines: Iterator[Object], tell: Callable[[int], None]) -> int:
    """Every object of the lines; how many. ``tell`` counts bytes."""
    target.ensure_bucket()
    count = 0
    for line in lines:
        with (
            pool.path(line["sha256"]).open("rb") as stream,
            target.writer(line["key"], content_type=line["type"]) as sink,
        ):
            while piece := stream.read(PIECE):
                sink.write(piece)
                tell(len(piece))
        count += 1
    return count


def _fetch(source: S3Store, pool: Pool, key: str) -> tuple[str, int, str]:
    with pool.writer() as sink:
        for piece in source.stream(key):
            sink.write(piece)
    return sink.digest, sink.size, source.content_type(key)


def _listed(source: S3Store) -> Iterator[tuple[str, int, str, str]]:
    for info, etag in source.tagged():
        yield info.key, info.size, etag, info.modified.isoformat()


def missing_from(lines: Lines, wanted: Iterator[tuple[Any, ...]]) -> list[str]:
    """Keys that the databases name with another content, or that are not there at all."""
    return [key for key, digest in wanted if key not in lines or lines[key]["sha256"] != digest]
