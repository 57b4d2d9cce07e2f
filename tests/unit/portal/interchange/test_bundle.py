"""The whole dataset in one zip: complete, checkable with ordinary tools, and the same every time."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from frictionless import Package

from ckanext.govdata.interchange import bundle, signing
from ckanext.govdata.interchange.entry import File, Item, Release
from tests.unit.portal.interchange.pictures import ITEMS, MOMENT, SCHEMA, SITE, entry, file

CSV = "停车场名称,泊位数,启用日期\n东街,12,2024-05-01\n西街,,\n".encode()
DATA = {"csv": CSV, "json": b"[]", "schema": json.dumps(SCHEMA).encode()}
ENVIRONMENT = {signing.ENVIRONMENT: "s1:" + base64.b64encode(bytes(range(32))).decode()}
KEY = signing.keys(ENVIRONMENT)[0]


def published() -> object:
    files = tuple(file(name, len(data), hashlib.sha256(data).hexdigest()) for name, data in DATA.items())
    return entry(release=Release(1, MOMENT, files, SCHEMA))


def read(wanted: File) -> tuple[bytes, ...]:
    return (DATA[wanted.format],)


def unpacked(tmp_path: Path, formats: frozenset[str] | None = None) -> Path:
    made = bundle.make(published(), SITE, KEY, read, formats)
    content = b"".join(made.stream())
    assert len(content) == made.size
    zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path)
    return tmp_path / "parking-lots-1"


@pytest.mark.article("SX-16")
def test_the_checksums_and_their_signature_verify_with_ordinary_tools(tmp_path: Path) -> None:
    folder = unpacked(tmp_path)
    done = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout
    listed = {line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text().splitlines()}
    there = {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}
    assert there - listed == {"SHA256SUMS", "SHA256SUMS.sig"}
    (tmp_path / "key.pem").write_text(KEY.public_pem())
    openssl = shutil.which("openssl")
    assert openssl, "openssl is needed to check what the README of the archive says"
    command = [openssl, "pkeyutl", "-verify", "-pubin", "-inkey", str(tmp_path / "key.pem"), "-rawin", "-in",
               "SHA256SUMS", "-sigfile", "SHA256SUMS.sig"]  # fmt: skip
    assert subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0
    (folder / "SHA256SUMS").write_text((folder / "SHA256SUMS").read_text() + "\n")
    assert subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode != 0


def test_the_same_release_gives_the_same_bytes_and_another_title_another_etag() -> None:
    first, again = (bundle.make(published(), SITE, KEY, read, None) for _ in range(2))
    assert b"".join(first.stream()) == b"".join(again.stream())
    assert first.etag == again.etag
    renamed = bundle.make(entry(title="另一个名称", release=published().release), SITE, KEY, read, None)
    assert renamed.etag != first.etag


def test_the_package_inside_is_valid_data(tmp_path: Path) -> None:
    folder = unpacked(tmp_path)
    report = Package(str(folder / "datapackage.json"), basepath=str(folder)).validate()
    errors = report.flatten(["type", "note"])
    assert not [e for e in errors if "json" not in str(e)], errors
    assert json.loads((folder / "datapackage.json").read_text())["resources"][0]["path"].startswith("data/")


def test_one_format_leaves_the_others_out_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    folder = unpacked(tmp_path, frozenset({"csv"}))
    assert {p.name for p in (folder / "data").iterdir()} == {"parking-lots.csv", "parking-lots.schema.json"}
    with pytest.raises(LookupError):
        bundle.make(published(), SITE, KEY, read, frozenset({"xlsx"}))
    with pytest.raises(LookupError):
        bundle.make(entry(published=False), SITE, KEY, read, None)


def test_a_description_does_not_become_a_formula(tmp_path: Path) -> None:
    nasty = entry(items=(Item("=cmd", "泊位数", "integer", "", "", "1", "=HYPERLINK(1)"), *ITEMS[:1]),
                  release=published().release)  # fmt: skip
    made = bundle.make(nasty, SITE, KEY, read, None)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(made.stream())))
    rows = list(csv.reader(io.StringIO(archive.read("parking-lots-1/dictionary.csv").decode("utf-8-sig"))))
    assert rows[2][4] == "'=HYPERLINK(1)"


@pytest.mark.article("SX-15")
def test_licence_and_citation_come_along_and_no_day_of_reading(tmp_path: Path) -> None:
    folder = unpacked(tmp_path)
    assert "免费使用" in (folder / "LICENCE.txt").read_text()
    assert "[引用日期]" in (folder / "CITATION.txt").read_text()
    assert "urldate" not in (folder / "CITATION.bib").read_text()
    assert "openssl pkeyutl -verify" in (folder / "README.txt").read_text()


@pytest.mark.parametrize("value", ["", "s1", "s1:AAAA", "s 1:" + "A" * 43 + "=", "s1:%%%"])
def test_a_malformed_signing_key_is_refused_without_repeating_it(value: str) -> None:
    with pytest.raises(signing.SigningKeyInvalid) as refused:
        signing.keys({signing.ENVIRONMENT: value})
    assert "AAAA" not in str(refused.value)


def test_older_keys_are_kept_for_verification_and_none_shows_itself() -> None:
    both = ENVIRONMENT[signing.ENVIRONMENT] + ",s0:" + base64.b64encode(bytes(32)).decode()
    found = signing.keys({signing.ENVIRONMENT: both})
    assert [key.id for key in found] == ["s1", "s0"]
    assert "private" not in repr(found[0]).lower()
    with pytest.raises(signing.SigningKeyInvalid):
        signing.keys({signing.ENVIRONMENT: both + "," + ENVIRONMENT[signing.ENVIRONMENT]})
