"""Withdrawal: everything the public could reach answers that it is gone."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.factories import tables

PLAIN = tables.statistics(Random(7), 40).csv()


@pytest.mark.article("SX-22")
def test_every_address_of_a_withdrawn_release_answers_410(site: Any) -> None:
    name = site.entry("withdrawn")
    release = site.show(site.published(name, "统计.csv", PLAIN))
    table = next(a["resource_id"] for a in release["artifacts"] if a["format"] == "csv")
    refused = site.call("compiler", "govdata_release_withdraw", id=release["id"])
    assert (refused.status, refused.body["code"]) == (409, "transition_refused")

    site.call("reviewer", "govdata_release_withdraw", id=release["id"], reason="发现差错").ok()
    for artifact in release["artifacts"]:
        for url in (artifact["url"], artifact["latest_url"]):
            assert site.http.get(url).status_code == 410, url
    entry = site.call(None, "package_show", id=name).ok()
    assert entry["resources"] == []
    assert site.call(None, "datastore_search", resource_id=table).status == 404
    found = site.call(None, "package_search", fq=f"name:{name}").ok()["results"]
    assert [r["num_resources"] for r in found] == [0]
    ended = site.show(release["id"])
    assert ended["state"] == "withdrawn"
    assert ended["actions"] == []
    assert ended["events"][-1]["reason"] == "发现差错"


def test_withdrawing_destroys_the_files_and_the_table(site: Any, in_process: Any) -> None:
    import sqlalchemy as sa
    from ckanext.datastore.backend.postgres import get_read_engine

    from ckanext.govdata.storage import buckets

    release = site.show(site.published(site.entry("destroyed"), "统计.csv", PLAIN))
    table = next(a["resource_id"] for a in release["artifacts"] if a["format"] == "csv")
    prefix = f"releases/{release['id']}/"
    assert list(buckets.public().list(prefix))
    site.call("compiler", "govdata_release_withdraw", id=release["id"], reason="更正").ok()

    def left() -> dict[str, Any]:
        with get_read_engine().connect() as connection:
            exists = connection.execute(
                sa.text("SELECT count(*) FROM pg_tables WHERE tablename = :name"), {"name": table}
            ).scalar()
        return {"objects": len(list(buckets.public().list(prefix))), "tables": exists}

    assert site.until(left, lambda found: not any(found.values())) == {"objects": 0, "tables": 0}


def test_an_earlier_release_stays_at_its_own_address_and_latest_is_gone(site: Any) -> None:
    name = site.entry("earlier")
    first = site.show(site.published(name, "统计.csv", PLAIN))
    second = site.show(site.published(name, "统计.csv", PLAIN))
    site.call("compiler", "govdata_release_withdraw", id=second["id"], reason="更正").ok()
    csv = next(a for a in first["artifacts"] if a["format"] == "csv")
    assert site.http.get(csv["url"]).status_code == 200
    assert site.http.get(csv["latest_url"]).status_code == 410
    third = site.show(site.published(name, "统计.csv", PLAIN))
    assert third["number"] == 3
    assert site.http.get(csv["latest_url"]).status_code == 200


@pytest.mark.article("SX-22")
def test_a_cancelled_release_leaves_no_sealed_object(site: Any, in_process: Any) -> None:
    from ckanext.govdata.model import Release
    from ckanext.govdata.storage import buckets

    release = site.assessed(site.entry("cancelled"), "统计.csv", PLAIN)
    stored = in_process.get(Release, release)
    keys = [stored.raw_key, stored.result_key]
    in_process.rollback()
    assert all(list(buckets.staging().list(key)) for key in keys)
    site.call("compiler", "govdata_release_cancel", id=release, reason="不再发布").ok()
    assert not any(list(buckets.staging().list(key)) for key in keys)
    assert site.show(release)["state"] == "cancelled"
