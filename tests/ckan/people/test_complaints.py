"""Privacy complaints: without an account, hidden at once, decided with reasons, appealed, erased."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from tests.factories import tables

WORDS = "第三列能看到我家的门牌号，邻居都认得出来"
CONTACT = "复核专线-0351-8412345-小区北门"


def published(site: Any, name: str) -> tuple[str, dict[str, Any]]:
    name = site.entry(name)
    return name, site.show(site.published(name, "统计.csv", tables.statistics(Random(5), 30).csv()))


def complain(site: Any, dataset: str, **more: Any) -> dict[str, Any]:
    data = {"dataset": dataset, "concern": "direct", "words": WORDS, "contact": CONTACT, **more}
    return dict(site.call(None, "govdata_complaint_create", **data).ok())


def step(site: Any, who: str, made: dict[str, Any], action: str, reason: str = "") -> Any:
    return site.call(who, "govdata_complaint_step", id=str(made["number"]), step=action, reason=reason)


def answers(site: Any, release: dict[str, Any]) -> set[int]:
    urls = [url for a in release["artifacts"] for url in (a["url"], a["latest_url"])]
    return {site.http.get(url).status_code for url in urls}


@pytest.mark.article("SX-22", "SX-15")
def test_a_complaint_hides_the_data_and_a_rejected_one_brings_all_of_them_back(site: Any) -> None:
    name, release = published(site, "complained")
    table = next(a["resource_id"] for a in release["artifacts"] if a["format"] == "csv")
    rows = site.call(None, "datastore_search", resource_id=table).ok()
    before = site.call(None, "package_show", id=name).ok()["resources"]
    made = complain(site, name)
    told = site.call(None, "govdata_complaint_status", receipt=made["receipt"].lower()).ok()
    assert (told["state"], told["number"]) == ("received", made["number"])
    assert site.call(None, "govdata_complaint_status", receipt="2222-2222-2222-2222-2222").status == 404

    step(site, "reviewer", made, "hide").ok()
    assert answers(site, release) == {451}
    assert site.call(None, "package_show", id=name).ok()["resources"] == []
    assert site.call(None, "datastore_search", resource_id=table).status == 404
    assert site.call("sysadmin", "datastore_search", resource_id=table).status == 404
    assert site.show(release["id"])["state"] == "hidden"
    assert site.call("compiler", "package_delete", id=name).status == 403

    assert step(site, "reviewer", made, "reject").status == 409
    step(site, "reviewer", made, "reject", "第三列是街道名称，不对应个人").ok()
    assert answers(site, release) == {200}
    again = site.call(None, "package_show", id=name).ok()["resources"]
    assert [(r["id"], r["url"], r["hash"]) for r in again] == [(r["id"], r["url"], r["hash"]) for r in before]
    assert site.call(None, "datastore_search", resource_id=table).ok()["records"] == rows["records"]
    told = site.call(None, "govdata_complaint_status", receipt=made["receipt"]).ok()
    assert (told["state"], told["decision"]) == ("rejected", "第三列是街道名称，不对应个人")


@pytest.mark.article("SX-22")
def test_an_upheld_complaint_withdraws_the_release_and_a_corrected_one_can_follow(site: Any) -> None:
    name, release = published(site, "upheld")
    made = complain(site, name)
    assert step(site, "reviewer", made, "correct").status == 409
    step(site, "reviewer", made, "uphold", "确有门牌号，立即撤回").ok()
    assert answers(site, release) == {410}
    assert site.show(release["id"])["state"] == "withdrawn"
    assert step(site, "reviewer", made, "correct").status == 409
    site.published(name, "统计.csv", tables.statistics(Random(6), 30).csv())
    assert step(site, "reviewer", made, "correct").ok()["state"] == "corrected"


def test_an_appeal_is_decided_by_the_platform_by_somebody_else_than_before(
    site: Any, person: Callable[..., str]
) -> None:
    name, release = published(site, "appealed")
    made, other = complain(site, name), person("second-administrator", "administrator")
    step(site, "administrator", made, "reject", "看不出个人").ok()
    appeal = {"receipt": made["receipt"], "words": "请结合户号一起看，能对应到家庭"}
    assert site.call(None, "govdata_complaint_appeal", **appeal).ok()["state"] == "appealed"
    assert site.call(None, "govdata_complaint_appeal", **appeal).status == 409
    assert step(site, "reviewer", made, "grant", "同意").status == 403
    refused = step(site, "administrator", made, "grant", "再看一遍，同意")
    assert refused.status == 403
    step(site, other, made, "grant", "两列合起来可识别").ok()
    assert answers(site, release) == {410}


@pytest.mark.article("SX-22", "QD-18")
def test_the_contact_is_opened_by_the_officer_in_charge_alone_and_on_record(
    site: Any, in_process: Any
) -> None:
    import sqlalchemy as sa

    name = site.entry("contact")
    made = complain(site, name)
    number = str(made["number"])
    assert site.call("reviewer", "govdata_complaint_contact", id=number).status == 403
    step(site, "reviewer", made, "take_up").ok()
    for who in ("administrator", "supervisor", "compiler_too", "sysadmin"):
        assert site.call(who, "govdata_complaint_contact", id=number).status == 403, who
    assert site.call("strange_reviewer", "govdata_complaint_contact", id=number).status == 404
    assert site.call("developer", "govdata_complaint_contact", id=number).status == 403
    assert site.call("reviewer", "govdata_complaint_contact", id=number).ok() == {"contact": CONTACT}
    shown = site.call("reviewer", "govdata_complaint_show", id=number).ok()
    assert shown["written"]["words"] == WORDS
    assert [event["action"] for event in shown["events"]] == ["create", "take_up", "read_contact"]
    assert site.call("supervisor", "govdata_complaint_show", id=number).ok()["written"] == {}
    tables_ = ("govdata_complaint", "govdata_case_event")
    rows = [str(row) for t in tables_ for row in in_process.execute(sa.text(f"SELECT * FROM {t}"))]  # noqa: S608
    assert not any(secret in row for row in rows for secret in (WORDS, CONTACT, made["receipt"]))
    logs = [path for path in (site.home / "logs").rglob("*") if path.is_file()]
    assert logs
    for path in logs:
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not any(secret in text for secret in (WORDS, CONTACT, made["receipt"])), path.name


def shift(session: Any, number: int, days: int) -> None:
    """As if everything of the case had happened so many days earlier."""
    import sqlalchemy as sa

    from ckanext.govdata.model import CaseEvent, Complaint

    case = session.execute(sa.select(Complaint.id).where(Complaint.number == number)).scalar_one()
    session.execute(
        sa.update(CaseEvent)
        .where(CaseEvent.subject_id == case)
        .values(at=CaseEvent.at - timedelta(days=days))
        .execution_options(synchronize_session=False)
    )
    session.commit()


def test_what_nobody_acts_on_in_time_the_system_hides(site: Any, in_process: Any) -> None:
    name, release = published(site, "forgotten")
    made = complain(site, name)
    assert answers(site, release) == {200}
    shift(in_process, made["number"], 14)
    site.until(
        lambda: site.call(None, "govdata_complaint_status", receipt=made["receipt"]).ok(),
        lambda told: told["state"] == "hidden",
        30,
    )
    assert answers(site, release) == {451}
    events = site.call("reviewer", "govdata_complaint_show", id=str(made["number"])).ok()["events"]
    assert (events[-1]["action"], events[-1]["actor"]) == ("hide", "系统")


@pytest.mark.article("SX-22")
def test_a_case_that_ends_leaves_neither_words_nor_contact(site: Any, in_process: Any) -> None:
    import sqlalchemy as sa

    made = complain(site, site.entry("ended"))
    step(site, "reviewer", made, "take_up").ok()
    step(site, "reviewer", made, "reject", "没有发布任何数据").ok()
    shift(in_process, made["number"], 40)
    told = site.until(
        lambda: site.call(None, "govdata_complaint_status", receipt=made["receipt"]).ok(),
        lambda told: told["state"] == "closed",
        30,
    )
    assert not told["may_appeal"]
    row = in_process.execute(
        sa.text("SELECT words, contact, appeal, erased_at FROM govdata_complaint WHERE number = :n"),
        {"n": made["number"]},
    ).one()
    assert row[:3] == (None, None, None)
    assert row.erased_at is not None
    assert site.call("reviewer", "govdata_complaint_contact", id=str(made["number"])).status in {403, 404}


def test_two_complaints_keep_a_release_hidden_until_both_are_decided(site: Any) -> None:
    name, release = published(site, "twice")
    first, second = complain(site, name), complain(site, name)
    step(site, "reviewer", first, "hide").ok()
    step(site, "compiler_too", second, "hide").ok()
    step(site, "reviewer", first, "reject", "不涉及个人").ok()
    assert answers(site, release) == {451}
    step(site, "reviewer", second, "reject", "不涉及个人").ok()
    assert answers(site, release) == {200}


def test_an_address_cannot_flood_a_department_with_complaints(site: Any) -> None:
    name = site.entry("flooded")
    for _ in range(5):
        complain(site, name)
    data = {"dataset": name, "concern": "direct", "words": WORDS}
    refused = site.call(None, "govdata_complaint_create", **data)
    assert (refused.status, refused.body["code"]) == (409, "too_often")
