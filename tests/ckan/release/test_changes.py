"""What is known of a release once it is public: its figures, its check, what changed since the last."""

from __future__ import annotations

from typing import Any

import pytest

DICTIONARY = [
    {"name": "站点编号", "type": "string", "length": "6", "sensitivity": "1", "description": "全市统一编号"},
    {"name": "站点类型", "type": "string", "sensitivity": "1"},
    {"name": "车位数", "type": "integer", "sensitivity": "1"},
]


def table(rows: dict[str, tuple[str, str]], *more: str) -> bytes:
    """Rows by number of the station, as a department sends them; ``more`` are further columns, all "x"."""
    lines = [",".join(["站点编号", "站点类型", "车位数", *more])]
    lines += [",".join([key, *cells, *("x" for _ in more)]) for key, cells in rows.items()]
    return "\r\n".join([*lines, ""]).encode()


def stations(count: int) -> dict[str, tuple[str, str]]:
    return {f"ZD{n:04d}": (("路侧", "楼宇", "广场")[n % 3], str(20 + n)) for n in range(count)}


@pytest.fixture(scope="module")
def editions(site: Any) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """One entry with two releases: three rows go, five come, four have another number of spaces."""
    name = site.entry("stations", information_items=DICTIONARY, update_cycle="monthly")
    before = stations(60)
    now = {key: cells for key, cells in stations(65).items() if key not in ("ZD0001", "ZD0002", "ZD0003")}
    for key in ("ZD0010", "ZD0011", "ZD0012", "ZD0013"):
        now[key] = (now[key][0], "999")
    first = site.show(site.published(name, "站点.csv", table(before)))
    second = site.show(site.published(name, "站点.csv", table(now, "备注")))
    return name, first, second


@pytest.fixture
def details(editions: Any, in_process: Any, site: Any) -> Any:
    """The steps of the second release, once it is measured."""
    from ckanext.govdata.model import ReleaseStep

    def steps() -> dict[str, Any]:
        in_process.rollback()
        found = in_process.query(ReleaseStep).filter(ReleaseStep.release_id == editions[2]["id"])
        return {step.name: step.detail for step in found}

    return site.until(steps, lambda found: "measure" in found)


@pytest.mark.article("JS-15")
def test_changes_between_releases_are_counted_by_the_key(details: Any) -> None:
    changes = details["changes"]
    assert (changes["against"], changes["key"]) == (1, "站点编号")
    assert (changes["added"], changes["removed"], changes["changed"]) == (5, 3, 4)
    assert changes["cells"] == {"车位数": 4}
    assert changes["new_columns"] == ["备注"]
    assert changes["lost_columns"] == []


def test_a_first_release_has_nothing_to_be_compared_with(editions: Any, in_process: Any) -> None:
    from ckanext.govdata.release import compare

    assert compare.of_releases(in_process, [editions[1]["id"]]) == {}


@pytest.mark.article("HB-17")
def test_a_release_is_measured_against_its_dictionary(details: Any) -> None:
    measured = details["measure"]
    assert measured["facts"]["rows"] == 62
    spaces = next(c for c in measured["facts"]["columns"] if c["id"] == "车位数")
    assert (spaces["kind"], spaces["high"], spaces["filled"]) == ("number", "999", 62)
    assert sum(spaces["bins"]) == 62
    kinds = next(c for c in measured["facts"]["columns"] if c["id"] == "站点类型")
    assert {value for value, _ in kinds["top"]} == {"路侧", "楼宇", "广场"}
    assert measured["check"]["whole"] is True
    assert {(f["kind"], f["column"]) for f in measured["check"]["faults"]} == {("undocumented", "备注")}


def test_the_page_shows_changes_and_quality(site: Any, editions: Any, details: Any) -> None:
    from bs4 import BeautifulSoup

    page = BeautifulSoup(site.get(f"/dataset/{editions[0]}").text, "html.parser")
    said = page.select_one(".gd-changes").get_text(" ", strip=True)
    assert "+5" in said
    assert "−3" in said
    points = int(page.select_one(".gd-score b").text)
    assert 60 <= points < 100
    assert "备注" in page.select_one("#quality").get_text()


def test_rows_are_compared_as_a_whole_where_no_column_names_them(site: Any, in_process: Any) -> None:
    from ckanext.govdata.release import compare

    name = site.entry("repeated")
    one = b"kind,level\r\n" + b"a,1\r\n" * 30 + b"b,2\r\n" * 30
    two = b"kind,level\r\n" + b"a,1\r\n" * 28 + b"b,2\r\n" * 30 + b"b,3\r\n" * 30
    site.published(name, "repeated.csv", one)
    second = site.published(name, "repeated.csv", two)
    changes = compare.of_releases(in_process, [second])[second]
    assert (changes.added, changes.removed, changes.changed) == (30, 2, None)


@pytest.mark.article("HB-17")
def test_the_department_is_asked_to_mend_what_was_found_and_told_no_value(
    site: Any, editions: Any, details: Any, in_process: Any
) -> None:
    """Cells that are no numbers, and most rows gone: one report by the platform, on its clock."""
    from ckanext.govdata.licensing_ports.setup import setup
    from licensing.corrections.service import as_dict, list_corrections

    assert details["measure"]["drift"] == {
        "against": 1, "found": [], "columns": details["measure"]["drift"]["columns"],
    }  # fmt: skip
    assert set(details["measure"]["drift"]["columns"]) <= {"车位数", "站点类型", "站点编号"}
    fewer = stations(20)
    fewer["ZD0003"] = fewer["ZD0007"] = ("路侧", "约三十个")
    third = site.show(site.published(editions[0], "站点.csv", table(fewer)))

    def told() -> list[dict[str, Any]]:
        in_process.rollback()
        with setup().session() as library:
            found = list_corrections(library, reporter_id="system", dataset_id=third["dataset_id"])
            return [as_dict(each) for each in found]

    (case,) = site.until(told, bool)
    assert (case["status"], case["release"], case["reporter"]["kind"]) == ("reported", 3, "platform")
    assert "“车位数”2 处不是数据字典规定的类型" in case["description"]
    assert "行数由 62 变为 20" in case["description"]
    assert "“车位数”第 5、9 行" in case["place"]
    assert "约三十个" not in str(case)
    from ckanext.govdata.release import receipt

    receipt.perform(in_process, third["id"])
    assert len(told()) == 1, "a report a release, however often the effect is carried out"
    page = site.get(f"/dataset/{editions[0]}").text
    assert "行数：62 → 20" in page
    assert "约三十个" in site.get(f"/dataset/{editions[0]}/table").text, (
        "the data themselves are what they are"
    )
