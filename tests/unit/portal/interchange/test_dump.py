"""The nightly dump: complete, replaced in one write, and left as it was when anything fails."""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import io
import json
from collections.abc import Iterable
from datetime import timedelta

import pytest

from ckanext.govdata.interchange import dump, signing
from ckanext.govdata.interchange.entry import Entry
from ckanext.govdata.storage.memory import MemoryStore
from tests.unit.portal.interchange.pictures import MOMENT, SITE, entry

KEY = signing.keys({signing.ENVIRONMENT: "s1:" + base64.b64encode(bytes(range(32))).decode()})[0]
ENTRIES = [entry(), entry(name="b", title="=1+1", published=False)]


def batches() -> Iterable[list[Entry]]:
    yield from ([each] for each in ENTRIES)


def triples(batch: list[Entry]) -> bytes:
    return b"".join(f"<{e.url}> <urn:t> <urn:o> .\n".encode() for e in batch)


def content(store: MemoryStore, index: dict, name: str) -> bytes:
    return store.read(next(file["key"] for file in index["files"] if file["name"] == name))


def test_three_forms_hold_every_entry_and_the_checksums_are_signed() -> None:
    store = MemoryStore()
    index = dump.make(batches, triples, SITE, store, KEY, MOMENT)
    lines = gzip.decompress(content(store, index, "catalogue.jsonl.gz")).decode().splitlines()
    assert [json.loads(line)["name"] for line in lines] == ["parking-lots", "b"]
    rows = list(csv.DictReader(io.StringIO(content(store, index, "catalogue.csv").decode("utf-8-sig"))))
    assert rows[1]["title"] == "'=1+1"
    assert gzip.decompress(content(store, index, "catalogue.nt.gz")).count(b"\n") == 2
    for file in index["files"]:
        data = store.read(file["key"])
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["size"], file["sha256"])
    sums = content(store, index, "SHA256SUMS")
    assert content(store, index, "SHA256SUMS.sig") == KEY.sign(sums)
    assert dump.current(store) == index
    assert "key" not in dump.public_index(index)["files"][0]


def test_the_same_catalogue_gives_the_same_files() -> None:
    made = [dump.make(batches, triples, SITE, MemoryStore(), KEY, MOMENT) for _ in range(2)]
    assert [f["sha256"] for f in made[0]["files"]] == [f["sha256"] for f in made[1]["files"]]


def test_a_failure_leaves_the_dump_before_and_nothing_half_made() -> None:
    store = MemoryStore()
    first = dump.make(batches, triples, SITE, store, KEY, MOMENT)
    before = {info.key for info in store.list("dump/")}

    def broken() -> Iterable[list[Entry]]:
        yield [ENTRIES[0]]
        raise OSError("the database went away")

    with pytest.raises(OSError, match="went away"):
        dump.make(broken, triples, SITE, store, KEY, MOMENT + timedelta(days=1))
    assert dump.current(store) == first
    assert {info.key for info in store.list("dump/")} == before


def test_the_dump_before_stays_one_night_for_those_who_are_reading_it() -> None:
    store = MemoryStore()
    made = [dump.make(batches, triples, SITE, store, KEY, MOMENT + timedelta(days=n)) for n in range(3)]
    folders = {info.key.split("/")[1] for info in store.list("dump/")} - {"current.json"}
    assert folders == {index["folder"].split("/")[1] for index in made[1:]}
