"""An entry's types never say less than where its data are: what is public is withdrawn before they narrow."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.ckan.door.conftest import CONDITION, provide
from tests.factories import tables
from tests.factories.door_world import grant

CLOSED = {
    "open_type": "none", "open_condition": "《中华人民共和国数据安全法》第三十八条",
    "share_type": "none", "share_basis": "《中华人民共和国数据安全法》第三十八条",
}  # fmt: skip


@pytest.fixture(scope="module")
def opened(site: Any) -> str:
    """An entry whose data anybody may have."""
    dataset = str(site.entry("opened"))
    site.published(dataset, "统计.csv", tables.statistics(Random(5), 40).csv())
    return dataset


def public(site: Any, dataset: str) -> int:
    return int(site.get(f"/dataset/{dataset}/latest/{dataset}.csv").status_code)


def proposed(site: Any, dataset: str, **changes: Any) -> Any:
    """The compiler's proposal to change an entry as said."""
    now = site.call("compiler", "package_show", id=dataset).ok()
    entry = {
        name: now[name]
        for name in ("name", "title", "notes", "catalogue_class", "theme", "share_type", "open_type",
                     "update_cycle", "secrecy")
    }  # fmt: skip
    basis = {"collection_basis": "《统计法》第三条"}
    return site.call(
        "compiler", "govdata_change_propose", organization=site.department("a"), id=now["id"],
        entry={**entry, **basis, **changes},
    )  # fmt: skip


@pytest.mark.article("SX-14")
@pytest.mark.parametrize("types", [CONDITION, CLOSED], ids=["conditional", "closed"])
def test_an_entry_whose_data_are_public_stays_open_until_they_are_withdrawn(
    site: Any, opened: str, types: dict[str, str]
) -> None:
    for refused in (
        site.call("sysadmin", "package_patch", id=opened, **types),
        proposed(site, opened, **types),
    ):
        assert refused.status == 409, refused.body
        (said,) = refused.body["open_type"]
        assert "第 1 次发布" in said or "release 1" in said
        assert "撤回" in said or "Withdraw" in said
    assert site.call(None, "package_show", id=opened).ok()["open_type"] == "unconditional"
    assert public(site, opened) == 200


def test_what_was_published_after_a_proposal_was_checked_stops_it(site: Any) -> None:
    dataset = str(site.entry("between"))
    approved = site.approved(dataset, "统计.csv", tables.statistics(Random(6), 40).csv())
    change = proposed(site, dataset, **CONDITION).ok()["id"]
    site.call("compiler", "govdata_change_submit", id=change).ok()
    site.call("compiler", "govdata_release_publish", id=approved).ok()
    assert site.settled(approved)["state"] == "published"
    site.call("reviewer", "govdata_change_approve", id=change).ok()
    settled = site.until(
        lambda: site.call("compiler", "govdata_change_show", id=change).ok(),
        lambda shown: shown["state"] not in ("applying", "indexing"),
    )
    assert settled["state"] == "failed", settled
    assert "撤回" in str(settled["failure"])
    assert site.call(None, "package_show", id=dataset).ok()["open_type"] == "unconditional"


def test_after_the_withdrawal_the_type_changes_and_the_file_is_gone(site: Any, opened: str) -> None:
    (release,) = site.call("compiler", "govdata_release_list", dataset_id=opened).ok()
    site.call("compiler", "govdata_release_withdraw", id=release["id"], reason="改为有条件开放").ok()
    proposed(site, opened, **CONDITION).ok()
    site.call("sysadmin", "package_patch", id=opened, **CONDITION).ok()
    assert site.get(f"/dataset/{opened}/releases/1/{opened}.csv").status_code == 410
    assert site.call(None, "package_show", id=opened).ok()["resources"] == []


@pytest.mark.article("SX-18")
def test_data_that_are_provided_are_stopped_before_nobody_may_have_them(site: Any, here: Any) -> None:
    given = provide(site, "narrow", tables.statistics(Random(7), 60).csv())
    holder = grant(site.base, here, given.department, [{"id": given.id, "fields": ["地区"]}])
    refused = site.call("sysadmin", "package_patch", id=given.name, **CLOSED)
    assert (refused.status, list(refused.body)[:1]) == (409, ["open_type"])
    assert holder.get(f"{given.name}/records").status_code == 200
    # Provided under agreements either way: by opening or by sharing on conditions.
    shared = {**CLOSED, "share_type": "conditional", "share_condition": "按协议共享"}
    site.call("sysadmin", "package_patch", id=given.name, **shared).ok()
    site.call("compiler", "govdata_release_withdraw", id=given.release, reason="停止提供").ok()
    site.call("sysadmin", "package_patch", id=given.name, **CLOSED).ok()
    assert holder.get(f"{given.name}/records").status_code == 404
