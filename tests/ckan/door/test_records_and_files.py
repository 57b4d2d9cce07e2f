"""What a grant's token opens: pages of rows, files, and nothing of either in a public place."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import httpx
import openpyxl
import polars as pl
import pyarrow.parquet as pq
import pytest

from tests.ckan.door.conftest import GRANTED, HIDDEN, ROWS, Provided
from tests.factories.door_world import Holder

GDP = "地区生产总值（亿元）"


def condition(field: str, op: str, *values: Any) -> str:
    return json.dumps([{"field": field, "op": op, "values": list(values)}], ensure_ascii=False)


@pytest.mark.article("SX-14")
def test_conditional_data_are_in_no_public_place(site: Any, provided: Provided) -> None:
    entry = site.call(None, "package_show", id=provided.name).ok()
    assert entry["resources"] == []
    for path in (f"releases/1/{provided.name}.csv", f"latest/{provided.name}.csv"):
        assert site.get(f"/dataset/{provided.name}/{path}").status_code == 404
        assert site.get(f"/dataset/{provided.name}/{path}", who="compiler").status_code == 404
    page = site.get(f"/dataset/{provided.name}").text
    assert "太原市" not in page
    assert site.call(None, "datastore_search", resource_id=provided.release).status in (403, 404)


def test_no_object_of_a_conditional_release_is_in_the_public_bucket(
    site: Any, provided: Provided, in_process: Any
) -> None:
    from ckanext.govdata.model import Release, ReleaseArtifact
    from ckanext.govdata.release.stage import public_prefix
    from ckanext.govdata.storage import buckets

    assert list(buckets.public().list(public_prefix(provided.release))) == []
    assert in_process.query(ReleaseArtifact).filter_by(release_id=provided.release).count() == 0
    sealed = in_process.get(Release, provided.release).result_key
    assert "太原市".encode() not in buckets.staging().read(sealed)


@pytest.mark.article("SX-18")
def test_pages_hold_the_granted_fields_and_every_row_once(holder: Holder, provided: Provided) -> None:
    found: list[dict[str, Any]] = []
    cursor: str | None = ""
    while cursor is not None:
        answer = holder.get(f"{provided.name}/records", {"limit": 900, "cursor": cursor, "count": 1})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert page["total"] == ROWS
        assert tuple(page["fields"]) == tuple(sorted(GRANTED)) or set(page["fields"]) == set(GRANTED)
        found += page["records"]
        cursor = page["next"]
    assert sorted(each[GDP] for each in found) == sorted(float(cell) for cell in provided.column(GDP))
    assert answer.headers["Data-Agreement"].startswith("XY-TEST-")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_filters_order_and_fields_are_those_of_the_question(holder: Holder, provided: Provided) -> None:
    asked = {"filters": condition("地区", "in", "太原市", "大同市"), "sort": [f"-{GDP}", "年份"],
             "field": [GDP, "地区"], "limit": 50, "count": 1}  # fmt: skip
    first = holder.get(f"{provided.name}/records", asked).json()
    rest = holder.get(f"{provided.name}/records", {**asked, "cursor": first["next"]}).json()
    shown = [each[GDP] for each in first["records"] + rest["records"]]
    expected = sorted(
        (float(row[provided.header.index(GDP)]) for row in provided.rows
         if row[provided.header.index("地区")] in ("太原市", "大同市")), reverse=True,
    )  # fmt: skip
    assert shown == expected[:100]
    assert first["total"] == len(expected)
    assert first["fields"] == [GDP, "地区"]


def test_a_cursor_of_another_grant_is_no_cursor(
    holder: Holder, granted: Callable[..., Holder], provided: Provided
) -> None:
    page = holder.get(f"{provided.name}/records", {"limit": 10}).json()
    answer = granted().get(f"{provided.name}/records", {"limit": 10, "cursor": page["next"]})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_question")


def test_rows_beyond_the_bounds_are_neither_shown_nor_counted(
    granted: Callable[..., Holder], provided: Provided
) -> None:
    bound = [
        {"field": "地区", "op": "in", "values": ["太原市"]},
        {"field": HIDDEN, "op": "ge", "values": [300]},
    ]
    holder = granted(rows=bound)
    page = holder.get(f"{provided.name}/records", {"limit": 1000, "count": 1}).json()
    at, people = provided.header.index("地区"), provided.header.index(HIDDEN)
    fitting = [row for row in provided.rows if row[at] == "太原市" and float(row[people]) >= 300]
    assert page["total"] == len(page["records"]) == len(fitting)
    assert {each["地区"] for each in page["records"]} == {"太原市"}
    assert HIDDEN not in page["fields"]


def test_a_bound_that_does_not_fit_its_column_shows_nothing(
    granted: Callable[..., Holder], provided: Provided
) -> None:
    for bound in (
        {"field": HIDDEN, "op": "ge", "values": ["many"]},
        {"field": "没有的列", "op": "eq", "values": [1]},
    ):
        answer = granted(rows=[bound]).get(f"{provided.name}/records")
        assert answer.status_code == 403, bound


@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "parquet", "jsonl", "xml"])
def test_a_file_holds_every_granted_row_and_is_on_record_by_its_digest(
    holder: Holder, provided: Provided, form: str, in_process: Any, here: Any
) -> None:
    from ckanext.govdata.door import register
    from licensing.usage.downloads import downloads_of

    answer = holder.get(f"{provided.name}/download.{form}")
    assert answer.status_code == 200, answer.text
    sha256 = hashlib.sha256(answer.content).hexdigest()
    assert answer.headers["Data-Sha256"] == sha256
    assert "XY-TEST-" in answer.headers["Content-Disposition"]
    assert answer.headers["Data-Download"] in answer.headers["Content-Disposition"]
    assert 'rel="license"' in answer.headers["Link"]
    (record,) = register.downloads(sha256=sha256)
    assert (record["id"], record["rows"], record["grant_id"]) == (
        answer.headers["Data-Download"], ROWS, holder.grant,
    )  # fmt: skip
    with here.session() as session:
        assert any(each.sha256 == sha256 for each in downloads_of(session, dataset_id=provided.id, limit=200))
    if form == "csv":
        header, *rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert set(header) == set(GRANTED)
        at = header.index(GDP)
        assert sorted(float(row[at]) for row in rows) == sorted(map(float, provided.column(GDP)))
    if form == "parquet":
        assert pl.read_parquet(io.BytesIO(answer.content)).height == ROWS


@pytest.mark.article("SX-18")
@pytest.mark.parametrize("form", ["csv", "xlsx", "xml", "parquet"])
def test_every_file_carries_its_licence_and_agreement_and_is_recognised(
    site: Any, holder: Holder, provided: Provided, form: str, tmp_path: Any
) -> None:
    import anonymize

    plain = holder.get(f"{provided.name}/download.{form}")
    answer = holder.get(f"{provided.name}/download.{form}", {"bundle": "1"})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip")
    assert answer.headers["Data-Sha256"] == hashlib.sha256(answer.content).hexdigest()
    agreement, download = unquote(answer.headers["Data-Agreement"]), answer.headers["Data-Download"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        parts = {name.rpartition("/")[2]: archive.read(name) for name in archive.namelist()}
    data = parts[f"{provided.name}.{form}"]
    assert answer.headers["Data-Content-Sha256"] == hashlib.sha256(data).hexdigest()
    sums = dict(reversed(line.split("  ")) for line in parts["SHA256SUMS"].decode().splitlines())
    assert sums == {
        name: hashlib.sha256(parts[name]).hexdigest() for name in (f"{provided.name}.{form}", "LICENCE.txt")
    }
    assert len(parts["SHA256SUMS.sig"]) == 64
    for word in (agreement, download, "urn:govdata:licence:agreement"):
        assert word in parts["LICENCE.txt"].decode()
    # Inside the file itself wherever its format has a place that is no row.
    inside = {
        "xml": lambda content: content.decode(),
        "parquet": lambda content: str(pq.read_metadata(io.BytesIO(content)).metadata),
        "xlsx": lambda content: str(
            [
                [cell.value for cell in row]
                for row in openpyxl.load_workbook(io.BytesIO(content))["许可 Licence"]
            ]
        ),
    }.get(form)
    if inside is not None:
        assert agreement in inside(plain.content)
        assert plain.headers["Data-Download"] in inside(plain.content)
    # No reader takes it for data, and no value is another one.
    path = tmp_path / f"data.{form}"
    path.write_bytes(data)
    table = anonymize.open_table(path)
    rows = [row for frame in table.batches() for row in frame.iter_rows()]
    assert (set(table.columns), len(rows)) == (set(GRANTED), ROWS)
    at = table.columns.index(GDP)
    assert sorted(float(row[at]) for row in rows) == sorted(map(float, provided.column(GDP)))
    for content in (plain.content, answer.content, data):
        page = site.get("/licensing/verify?sha256=" + hashlib.sha256(content).hexdigest()).text
        assert page.count(f">{agreement}<") == 1, "told once, however often it was obtained"
        assert provided.name in page
        assert "p-XY-TEST" not in page, "whose it is is not told"


def test_no_address_of_a_file_is_presigned_or_kept(
    holder: Holder, provided: Provided, in_process: Any
) -> None:
    from ckanext.govdata.door.spool import PREFIX
    from ckanext.govdata.storage import buckets

    answer = holder.get(f"{provided.name}/download.csv")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert not answer.is_redirect
    assert list(buckets.staging().list(PREFIX)) == []


def test_a_release_that_is_withdrawn_is_provided_no_more(site: Any, here: Any) -> None:
    from random import Random

    from ckanext.govdata.door import windows
    from tests.ckan.door.conftest import provide
    from tests.factories import door_world, tables

    gone = provide(site, "gone", tables.statistics(Random(3), 60).csv())
    holder = door_world.grant(site.base, here, gone.department, [{"id": gone.id, "fields": ["地区"]}])
    assert holder.get(f"{gone.name}/records").status_code == 200
    site.call("compiler", "govdata_release_withdraw", id=gone.release, reason="改版").ok()
    assert site.show(gone.release)["state"] == "retired"
    answer = holder.get(f"{gone.name}/records")
    assert (answer.status_code, answer.json()["code"]) == (404, "nothing_provided")
    statement = f'SELECT "地区" FROM "{gone.name}"'  # noqa: S608
    assert holder.sql(statement).status_code == 404
    assert windows.sweep() >= 1
    assert windows.sweep() == 0


def test_what_was_approved_for_grants_does_not_become_public_by_a_change_of_the_entry(site: Any) -> None:
    from random import Random

    from tests.ckan.door.conftest import CONDITION
    from tests.factories import tables

    dataset = site.entry("switch", **CONDITION)
    release = site.approved(dataset, "统计.csv", tables.statistics(Random(4), 60).csv())
    site.call("sysadmin", "package_patch", id=dataset, open_type="unconditional").ok()
    refused = site.call("compiler", "govdata_release_publish", id=release)
    assert refused.status == 409
    assert [each["code"] for each in refused.body["blockers"]] == ["channel_changed"]
    assert site.get(f"/dataset/{dataset}/latest/{dataset}.csv").status_code == 404


def test_without_a_token_nothing_is_told_of_what_there_is(site: Any, provided: Provided) -> None:
    for name in (provided.name, "no-such-entry"):
        answer = httpx.get(f"{site.base}/api/data/v1/{name}/records")
        assert (answer.status_code, answer.json()["code"]) == (401, "token")
        assert "Bearer" in answer.headers["WWW-Authenticate"]
