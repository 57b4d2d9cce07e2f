"""The whole dataset in one zip: data, dictionary, licence, citation, Data Package, checksums, signature.

::

    <name>-<release>/data/…            the files of one release, byte for byte
    <name>-<release>/datapackage.json  descriptor with the schema of every table
    <name>-<release>/dictionary.csv    columns for people, opens in a spreadsheet
    <name>-<release>/LICENCE.txt  CITATION.txt  CITATION.bib  README.txt
    <name>-<release>/policy.jsonld
    <name>-<release>/SHA256SUMS  SHA256SUMS.sig

The same release and the same entry give the same bytes (:mod:`.zip_stream`), so the archive has an ETag and a
length before its first byte is read.

Articles: SX-15 (machine-readable, free), SX-16 (can be verified), SX-18(2) (source and day are named).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from ckanext.govdata.interchange import datapackage, odrl, table_schema, zip_stream
from ckanext.govdata.interchange.entry import Entry, File, Site
from ckanext.govdata.interchange.signing import SigningKey
from ckanext.govdata.portal import citation

Reader = Callable[[File], Iterable[bytes]]
"""Gives the bytes of a published file."""
CHECKSUMS, SIGNATURE = "SHA256SUMS", "SHA256SUMS.sig"


@dataclass(frozen=True, slots=True)
class Bundle:
    """A zip that is ready to be streamed: its name, its size in bytes, an ETag over all of its content."""

    filename: str
    size: int
    etag: str
    members: tuple[zip_stream.Member, ...]

    def stream(self) -> Iterator[bytes]:
        """The bytes."""
        return zip_stream.stream(self.members)


def make(entry: Entry, site: Site, key: SigningKey, read: Reader, formats: frozenset[str] | None) -> Bundle:
    """The archive of the current release, in all formats or in ``formats``; reads no data yet.

    Raises:
        LookupError: nothing is published, or not in these formats.
    """
    if entry.release is None:
        raise LookupError("nothing is published")
    files = [f for f in entry.release.files if formats is None or f.format in formats or f.format == "schema"]
    if not any(file.format != "schema" for file in files):
        raise LookupError("nothing is published in these formats")
    name = f"{entry.name}-{entry.release.number}"
    texts = _documents(entry, site, formats)
    sums = {f"data/{file.filename}": file.sha256 for file in files}
    sums |= {path: hashlib.sha256(text).hexdigest() for path, text in texts.items()}
    # Two blanks, the second for "binary" left out: the form that sha256sum -c reads.
    checksums = "".join(f"{sums[path]}  {path}\n" for path in sorted(sums)).encode("utf-8")
    texts |= {CHECKSUMS: checksums, SIGNATURE: key.sign(checksums)}
    members = [_member(f"{name}/{path}", text) for path, text in texts.items()]
    members += [
        zip_stream.Member(f"{name}/data/{file.filename}", file.size, _reading(read, file)) for file in files
    ]
    return Bundle(
        f"{name}.zip" if formats is None else f"{name}-{'-'.join(sorted(formats))}.zip",
        zip_stream.total_size(members),
        hashlib.sha256(checksums + texts[SIGNATURE]).hexdigest(),
        tuple(members),
    )


def _reading(read: Reader, file: File) -> Callable[[], Iterable[bytes]]:
    return lambda: read(file)


def _member(name: str, text: bytes) -> zip_stream.Member:
    return zip_stream.Member(name, len(text), lambda: (text,))


def _documents(entry: Entry, site: Site, formats: frozenset[str] | None) -> dict[str, bytes]:
    """Path → content of what is written for the archive; nothing of it depends on the day."""
    cited = {
        "title": entry.title,
        "name": entry.name,
        "organization": {"title": entry.department.title if entry.department else ""},
        "publish_date": entry.issued,
        "version": str(entry.release.number) if entry.release else "",
    }
    descriptor = datapackage.package(entry, site, folder="data", formats=formats)
    return {
        path: text.encode("utf-8")
        for path, text in {
            "README.txt": _readme(entry, site),
            "LICENCE.txt": _licence(entry),
            "CITATION.txt": citation.gbt7714(cited, entry.url, None) + "\n",
            "CITATION.bib": citation.bibtex(cited, entry.url, None),
            "dictionary.csv": _dictionary(entry),
            "datapackage.json": _json(descriptor),
            "policy.jsonld": _json(odrl.policy(entry, site)),
        }.items()
    }


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _dictionary(entry: Entry) -> str:
    declared = {item.label or item.name: item for item in entry.items}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["列名 column", "类型 type", "长度 length", "说明 description", "来源部门 origin"])
    for field in (table_schema.of(entry) or {}).get("fields", []):
        item = declared.get(field["name"])
        row = [
            field["name"],
            field["type"],
            item.length if item else "",
            field.get("description", ""),
            item.origin if item else "",
        ]
        writer.writerow([_safe(cell) for cell in row])
    return "\ufeff" + out.getvalue()


def _safe(cell: str) -> str:
    """A description must not become a formula when a spreadsheet opens the dictionary."""
    return "'" + cell if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell


def _licence(entry: Entry) -> str:
    requirements = entry.elements.get("use_requirements", "")
    return (
        f"{entry.licence.zh}\n{entry.licence.en}\n{entry.licence.url}\n\n"
        "须注明：来源部门、数据名称和获取日期。不得设法识别记录所指的个人。\n"
        "Name the department, the dataset and the day on which you took it. Do not try to find out whom a\n"
        "record is about.\n" + (f"\n使用要求 Requirements: {requirements}\n" if requirements else "")
    )


def _readme(entry: Entry, site: Site) -> str:
    assert entry.release is not None  # noqa: S101 - make() has refused an entry without one
    department = entry.department.title if entry.department else site.title
    return (
        f"{entry.title}\n{department}\n"
        f"第 {entry.release.number} 次发布 release {entry.release.number}，"
        f"{entry.release.published.date().isoformat()}，{entry.release.rows} 行 rows\n{entry.url}\n\n"
        "核对 Verify:\n"
        f"  curl -O {site.url}/.well-known/govdata-signing-key.pem\n"
        "  openssl pkeyutl -verify -pubin -inkey govdata-signing-key.pem -rawin "
        f"-in {CHECKSUMS} -sigfile {SIGNATURE}\n"
        f"  sha256sum -c {CHECKSUMS}\n"
    )
