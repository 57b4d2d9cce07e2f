"""Ways around the release flow that CKAN itself would leave open."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.factories import tables

PLAIN = tables.statistics(Random(5), 40).csv()


def test_leaving_out_what_a_resource_offers_is_refused_like_changing_it(site: Any) -> None:
    name = site.entry("emptied")
    site.published(name, "统计.csv", PLAIN)
    before = site.call(None, "package_show", id=name).ok()["resources"]
    bare = [{"id": resource["id"]} for resource in before]
    assert site.call("compiler", "package_patch", id=name, resources=bare).status == 403
    cut = {"match": {"name": name}, "filter": ["-resources__0__url"]}
    assert site.call("compiler", "package_revise", **cut).status == 403
    assert site.call(None, "package_show", id=name).ok()["resources"] == before
    whole = site.call("sysadmin", "package_show", id=name).ok()
    site.call("sysadmin", "package_update", **{**whole, "title": "全部重写"}).ok()
    assert site.call(None, "package_show", id=name).ok()["resources"] == before


@pytest.mark.article("SX-22")
def test_published_data_vanish_by_withdrawal_only(site: Any) -> None:
    name = site.entry("vanish")
    release = site.published(name, "统计.csv", PLAIN)
    assert site.call("compiler", "package_delete", id=name).status == 403
    assert site.call("compiler", "package_patch", id=name, state="deleted").status == 403
    assert site.call("compiler", "package_patch", id=name, private=True).status == 403
    assert site.get(f"/dataset/{name}/latest/{name}.csv").status_code == 200
    site.call("compiler", "govdata_release_withdraw", id=release, reason="改版").ok()
    assert site.get(f"/dataset/{name}/latest/{name}.csv").status_code == 410


@pytest.mark.parametrize("who", [None, "developer", "compiler"])
def test_nobody_sends_sql_to_the_datastore(site: Any, who: str | None) -> None:
    url = f"{site.base}/api/3/action/datastore_search_sql"
    headers = {"Authorization": site.tokens[who]} if who else {}
    assert site.http.post(url, json={"sql": "select 1"}, headers=headers).status_code in (400, 403)
