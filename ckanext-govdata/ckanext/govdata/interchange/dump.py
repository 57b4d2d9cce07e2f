"""The nightly dump of the public catalogue: JSON Lines, CSV and DCAT, with checksums and a signature.

Everything is written under a key of its own first; replacing the small object ``dump/current.json`` then
makes it the dump, in one write. Whoever reads meanwhile finishes with the files of the dump before, which is
kept until the next night. What is hidden or deleted after the dump was made stays out of the next one.

Files: ``catalogue.jsonl.gz`` (one public picture a line), ``catalogue.csv`` (one entry a line, for
spreadsheets), ``catalogue.nt.gz`` (DCAT-AP 3 as N-Triples), ``SHA256SUMS``, ``SHA256SUMS.sig``.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import secrets
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any, BinaryIO, cast

from ckanext.govdata.interchange.entry import ELEMENTS, Entry, Site, iso
from ckanext.govdata.interchange.signing import SigningKey
from ckanext.govdata.storage.errors import ObjectMissing
from ckanext.govdata.storage.objects import ObjectStore, ObjectWriter

PREFIX = "dump/"
POINTER = "dump/current.json"
MEDIA = {
    "catalogue.jsonl.gz": "application/gzip",
    "catalogue.csv": "text/csv",
    "catalogue.nt.gz": "application/gzip",
    "SHA256SUMS": "text/plain",
    "SHA256SUMS.sig": "application/octet-stream",
}
_FORMULA = frozenset("=+-@\t\r")


def make(
    batches: Callable[[], Iterable[list[Entry]]],
    triples: Callable[[list[Entry]], bytes],
    site: Site,
    store: ObjectStore,
    key: SigningKey,
    now: datetime,
) -> dict[str, Any]:
    """Write a dump and make it the current one; returns its index.

    ``batches`` gives the public entries in their order, ``triples`` the N-Triples of a batch. Nothing changes
    for readers when anything fails.

    Raises:
        StoreUnavailable: the object store does not answer.
    """
    before = current(store)
    folder = f"{PREFIX}{now.strftime('%Y%m%dT%H%M%SZ')}-{secrets.token_hex(4)}/"
    made: list[dict[str, Any]] = []
    try:
        count = _write(batches, triples, store, folder, made)
        checksums = "".join(f"{file['sha256']}  {file['name']}\n" for file in made).encode("ascii")
        for name, content in (("SHA256SUMS", checksums), ("SHA256SUMS.sig", key.sign(checksums))):
            store.put(folder + name, content, content_type=MEDIA[name])
            made.append(_described(name, len(content), hashlib.sha256(content).hexdigest(), folder))
        index = {
            "made": iso(now),
            "entries": count,
            "site": site.url,
            "folder": folder,
            "key": key.id,
            "files": made,
        }
        text = json.dumps(index, ensure_ascii=False, indent=1).encode("utf-8")
        store.put(POINTER, text, content_type="application/json")
    except BaseException:
        store.delete_prefix(folder)
        raise
    _clear(store, keep={folder, str((before or {}).get("folder", folder))})
    return index


def current(store: ObjectStore) -> dict[str, Any] | None:
    """The index of the current dump; None before the first night."""
    try:
        return cast("dict[str, Any]", json.loads(store.read(POINTER)))
    except ObjectMissing:
        return None


def public_index(index: dict[str, Any]) -> dict[str, Any]:
    """What is told of a dump: addresses in place of the store's keys."""
    files = [
        {**{k: v for k, v in file.items() if k != "key"}, "url": f"{index['site']}/dump/{file['name']}"}
        for file in index["files"]
    ]
    return {"made": index["made"], "entries": index["entries"], "signing_key": index["key"], "files": files}


def _clear(store: ObjectStore, keep: set[str]) -> None:
    folders = {PREFIX + info.key.removeprefix(PREFIX).partition("/")[0] + "/" for info in store.list(PREFIX)}
    for folder in folders - keep - {POINTER + "/"}:
        store.delete_prefix(folder)


def _described(name: str, size: int, sha256: str, folder: str) -> dict[str, Any]:
    return {"name": name, "media_type": MEDIA[name], "size": size, "sha256": sha256, "key": folder + name}


class _Hashed:
    """Counts and hashes what passes into an object."""

    def __init__(self, target: ObjectWriter) -> None:
        self.target, self.size, self._sha256 = target, 0, hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._sha256.update(data)
        self.size += len(data)
        self.target.write(data)
        return len(data)

    def flush(self) -> None:
        """The object sends whole parts only."""

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()


def _write(
    batches: Callable[[], Iterable[list[Entry]]],
    triples: Callable[[list[Entry]], bytes],
    store: ObjectStore,
    folder: str,
    made: list[dict[str, Any]],
) -> int:
    names = ("catalogue.jsonl.gz", "catalogue.csv", "catalogue.nt.gz")
    targets = {name: store.writer(folder + name, content_type=MEDIA[name]) for name in names}
    try:
        hashed = {name: _Hashed(target) for name, target in targets.items()}
        lines, table, rdf = (hashed[name] for name in names)
        count = 0
        with _zipped(lines) as packed, _zipped(rdf) as packed_rdf:
            table.write(_table_row(_HEADER, first=True))
            for batch in batches():
                count += len(batch)
                packed.write("".join(_line(entry) for entry in batch).encode("utf-8"))
                table.write(b"".join(_table_row(_cells(entry)) for entry in batch))
                packed_rdf.write(triples(batch))
        for name in names:
            targets[name].commit()
            made.append(_described(name, hashed[name].size, hashed[name].sha256, folder))
        return count
    finally:
        for target in targets.values():
            target.close()


def _zipped(target: _Hashed) -> gzip.GzipFile:
    return gzip.GzipFile(fileobj=cast(BinaryIO, target), mode="wb", filename="", mtime=0)


def _line(entry: Entry) -> str:
    document = asdict(entry)
    for name in ("created", "modified"):
        document[name] = iso(document[name])
    if document["release"]:
        document["release"]["published"] = iso(document["release"]["published"])
    return json.dumps(document, ensure_ascii=False, sort_keys=True) + "\n"


_HEADER = ["id", "name", "title", "department", "notes", *ELEMENTS, "modified", "release", "rows", "url"]


def _cells(entry: Entry) -> list[str]:
    release = entry.release
    return [
        entry.id,
        entry.name,
        entry.title,
        entry.department.title if entry.department else "",
        entry.notes,
        *(entry.elements.get(name, "") for name in ELEMENTS),
        iso(entry.modified),
        str(release.number) if release else "",
        str(release.rows) if release else "",
        entry.url,
    ]


def _table_row(cells: Iterable[str], *, first: bool = False) -> bytes:
    out = io.StringIO()
    safe = ["'" + cell if cell[:1] in _FORMULA and cell else cell for cell in cells]
    csv.writer(out, lineterminator="\r\n").writerow(safe)
    return (("\ufeff" if first else "") + out.getvalue()).encode("utf-8")


def in_batches(ids: Iterable[str], size: int = 100) -> Iterator[list[str]]:
    """``ids`` in lists of at most ``size``."""
    batch: list[str] = []
    for each in ids:
        batch.append(each)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
