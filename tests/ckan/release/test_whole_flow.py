"""The main job on the running stack: a raw file full of personal data becomes open data."""

from __future__ import annotations

import hashlib
import json
from random import Random
from typing import Any

import pytest

from tests.factories import tables, truth

FORMATS = {"csv", "xlsx", "json", "xml", "parquet", "schema"}


@pytest.fixture(scope="module")
def raw() -> tables.Table:
    return tables.hotline(Random(20260314), 400)


@pytest.fixture(scope="module")
def release(site: Any, raw: tables.Table) -> dict[str, Any]:
    """Published over HTTP alone; every later test of this module looks at it."""
    name = site.entry("hotline")
    return dict(site.show(site.published(name, "热线工单.csv", raw.csv("gb18030"))))


@pytest.mark.article("SX-15")
def test_nothing_personal_of_any_row_survives_publication(site: Any, release: Any, raw: tables.Table) -> None:
    file = next(a for a in release["artifacts"] if a["format"] == "csv")
    header, rows = truth.read_csv(site.http.get(file["latest_url"]).content)
    assert len(rows) == len(raw.rows)
    assert truth.leaks(raw, header, rows) == []
    assert truth.changed(raw, header, rows) == []


def test_every_format_is_published_with_its_size_and_digest(site: Any, release: Any) -> None:
    assert {a["format"] for a in release["artifacts"]} == FORMATS
    for artifact in release["artifacts"]:
        for url in (artifact["url"], artifact["latest_url"]):
            content = site.http.get(url).content
            assert len(content) == artifact["size"]
            assert hashlib.sha256(content).hexdigest() == artifact["sha256"]


def test_the_dataset_offers_one_resource_a_format_and_the_table(
    site: Any, release: Any, raw: tables.Table
) -> None:
    entry = site.call(None, "package_show", id=release["dataset_id"]).ok()
    offered = {r["id"]: r for r in entry["resources"]}
    assert {a["resource_id"] for a in release["artifacts"]} == set(offered)
    for artifact in release["artifacts"]:
        resource = offered[artifact["resource_id"]]
        assert resource["url"] == artifact["latest_url"]
        assert resource["size"] == artifact["size"]
        assert resource["hash"] == f"sha256:{artifact['sha256']}"
    table = next(a["resource_id"] for a in release["artifacts"] if a["format"] == "csv")
    assert offered[table]["datastore_active"] is True
    found = site.call(None, "datastore_search", resource_id=table, limit=3).ok()
    assert found["total"] == len(raw.rows)
    assert [f["id"] for f in found["fields"][1:]] == [c["name"] for c in release["plan"]["columns"]]


def test_the_entry_is_found_after_publication(site: Any, release: Any) -> None:
    wanted = {"fq": f"name:{release['dataset_name']}", "rows": 1}
    # The index follows the commit as soon as the worker has told it.
    found = site.until(
        lambda: site.call(None, "package_search", **wanted).ok(),
        lambda answer: answer["results"][0]["num_resources"] > 0,
    )
    assert found["count"] == 1
    assert found["results"][0]["num_resources"] == len(FORMATS)


@pytest.mark.article("SX-8")
def test_the_history_names_who_did_what(site: Any, release: Any) -> None:
    steps = [(e["action"], e["actor"].partition("-")[0]) for e in release["events"]]
    assert steps == [
        ("create", "compiler"),
        ("receive", "compiler"),
        ("scan", "compiler"),
        ("scanned", "系统"),
        ("plan", "compiler"),
        ("run", "compiler"),
        ("assessed", "系统"),
        ("sign_off", "reviewer"),
        ("submit", "compiler"),
        ("approve", "reviewer"),
        ("publish", "compiler"),
        ("published", "系统"),
    ]


@pytest.mark.article("SX-22")
def test_no_personal_value_stands_in_what_officers_are_shown(release: Any, raw: tables.Table) -> None:
    shown = json.dumps({k: v for k, v in release.items() if k != "events"}, ensure_ascii=False)
    assert not {s for secrets in raw.secrets for s in secrets if len(s) > 3 and s in shown}


def test_the_raw_file_is_destroyed_after_publication(site: Any, release: Any, in_process: Any) -> None:
    from ckanext.govdata.model import Release

    stored = in_process.get(Release, release["id"])
    assert stored.raw_key is None
    assert stored.result_key is None


@pytest.mark.article("SX-15")
def test_a_second_release_takes_the_place_of_the_first(site: Any) -> None:
    name = site.entry("statistics")
    first = site.show(site.published(name, "统计.csv", tables.statistics(Random(1), 50).csv()))
    second = site.show(site.published(name, "统计.csv", tables.statistics(Random(2), 60).csv()))
    assert (first["number"], second["number"]) == (1, 2)
    old, new = (next(a for a in r["artifacts"] if a["format"] == "csv") for r in (first, second))
    latest = site.http.get(old["latest_url"])
    assert hashlib.sha256(latest.content).hexdigest() == new["sha256"]
    kept = site.http.get(old["url"])
    assert hashlib.sha256(kept.content).hexdigest() == old["sha256"]
    entry = site.call(None, "package_show", id=name).ok()
    assert {r["id"] for r in entry["resources"]} == {a["resource_id"] for a in second["artifacts"]}
    site.until(
        lambda: {"status": site.call(None, "datastore_search", resource_id=old["resource_id"]).status},
        lambda answer: answer["status"] == 404,
    )
    assert site.show(first["id"])["current"] is False


@pytest.mark.article("SX-15")
def test_a_table_without_personal_data_passes_unchanged(site: Any) -> None:
    table = tables.statistics(Random(3), 80)
    release = site.show(site.published(site.entry("plain"), "统计.xlsx", table.xlsx()))
    assert {c["operator"] for c in release["plan"]["columns"]} == {"keep"}
    file = next(a for a in release["artifacts"] if a["format"] == "csv")
    header, rows = truth.read_csv(site.http.get(file["url"]).content)
    assert truth.changed(table, header, rows) == []
    assert len(rows) == len(table.rows)
