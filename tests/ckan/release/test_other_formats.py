"""Raw files that are no CSV go through the portal: what is read is what a CSV of the same rows would give."""

from __future__ import annotations

import gzip
from random import Random
from typing import Any

import pytest

from tests.factories import sources, tables
from tests.factories.truth import changed, leaks, read_csv

TABLE = tables.TABLES["clinic"](Random("other formats"), 80)
HEADER, ROWS = read_csv(TABLE.csv())
FILES = {
    "名单.json": sources.json_wrapped(HEADER, ROWS),
    "名单.xls": sources.xls(HEADER, ROWS),
    "名单.csv.gz": gzip.compress(sources.delimited(HEADER, ROWS, encoding="gb18030")),
}
FORMS = {"名单.json": "json", "名单.xls": "xls", "名单.csv.gz": "csv.gz"}


@pytest.mark.article("SX-15")
@pytest.mark.parametrize("name", FILES)
def test_a_raw_file_of_another_format_is_scanned_and_published_without_its_people(
    site: Any, name: str
) -> None:
    release = site.published(site.entry(f"format-{FORMS[name].replace('.', '-')}"), name, FILES[name])
    shown = site.show(release)
    assert shown["source"]["format"] == FORMS[name]
    assert shown["source"]["rows"] == len(ROWS)
    artifact = next(a for a in shown["artifacts"] if a["format"] == "csv")
    header, rows = read_csv(site.http.get(artifact["url"]).content)
    assert leaks(TABLE, header, rows) == []
    assert changed(TABLE, header, rows) == []


def test_a_damaged_workbook_is_refused_with_words_and_the_worker_goes_on(site: Any) -> None:
    release = site.create(site.entry("format-damaged"), "坏.xls", FILES["名单.xls"][:3_000])
    site.call("compiler", "govdata_release_scan", id=release).ok()
    failed = site.settled(release)
    assert failed["state"] == "failed"
    assert "损坏" in failed["failure"]["message"]["zh"]
