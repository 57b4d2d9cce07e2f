"""Citations of anything a department may call itself or its data."""

from __future__ import annotations

import json
from datetime import date

from hypothesis import given

from ckanext.govdata.portal import citation
from tests.unit.portal.interchange.pictures import text

TODAY = date(2026, 3, 14)
ENTRY = {
    "name": "parking-lots",
    "title": "公共停车场基本信息",
    "organization": {"title": "云州市交通运输局"},
    "publish_date": "2026-03-02",
    "version": "3",
}
ADDRESS = "https://data.example/dataset/parking-lots"


def test_bibtex_names_department_title_and_both_days() -> None:
    assert citation.bibtex(ENTRY, ADDRESS, TODAY) == (
        "@misc{parking-lots-2026,\n"
        "  author = {{云州市交通运输局}},\n"
        "  title = {{公共停车场基本信息}},\n"
        "  year = {2026},\n"
        "  month = {3},\n"
        "  howpublished = {[DS/OL]},\n"
        "  version = {3},\n"
        f"  url = {{{ADDRESS}}},\n"
        "  urldate = {2026-03-14}\n"
        "}\n"
    )


def test_csl_is_a_dataset_with_days_as_numbers() -> None:
    (item,) = citation.csl(ENTRY, ADDRESS, TODAY)
    assert (item["type"], item["issued"], item["accessed"]) == (
        "dataset",
        {"date-parts": [[2026, 3, 2]]},
        {"date-parts": [[2026, 3, 14]]},
    )


def test_a_citation_that_is_kept_leaves_the_day_of_reading_open() -> None:
    assert "[引用日期]" in citation.gbt7714(ENTRY, ADDRESS, None)
    assert "accessed" not in citation.csl(ENTRY, ADDRESS, None)[0]


@given(text, text)
def test_no_title_breaks_out_of_its_field(title: str, author: str) -> None:
    entry = {**ENTRY, "title": title, "organization": {"title": author}}
    record = citation.bibtex(entry, ADDRESS, TODAY)
    bare = record.replace("\\textbackslash{}", "").replace("\\{", "").replace("\\}", "")
    depth = 0
    for character in bare:
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0
    assert record.count("\n@") == 0
    assert "%" not in record.replace("\\%", "")


@given(text, text)
def test_every_form_is_one_record_on_its_own(title: str, author: str) -> None:
    entry = {**ENTRY, "title": title, "organization": {"title": author}}
    line = citation.gbt7714(entry, ADDRESS, TODAY)
    assert len(line.splitlines()) == 1
    assert line.endswith(f"[2026-03-14]. {ADDRESS}.")
    (item,) = json.loads(json.dumps(citation.csl(entry, ADDRESS, TODAY)))
    assert item.get("title", "") == " ".join(title.split())
