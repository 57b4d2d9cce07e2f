"""What the registers beside the catalogue decide by themselves, without a database."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from ckanext.govdata.catalogue.changes.lifecycle import CHANGE, ENDED, JUDGING
from ckanext.govdata.catalogue.registers import bases, duties, leads
from ckanext.govdata.catalogue.registers.projects import PROJECT
from ckanext.govdata.catalogue.registers.sources import VERIFICATION
from ckanext.govdata.model import CatalogueDuty
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, COMPILER, REVIEWER
from licensing.core.clock import CHINA
from licensing.core.rules import load_rule_set
from licensing.core.workdays import StatutoryCalendar

NAMED = {("base", "population"): "gongan", ("theme", "transport"): "jiaotong"}


@pytest.mark.article("HB-8(2)", "JS-7", "TZ-10(2)")
@pytest.mark.article("SX-9")
@pytest.mark.parametrize(
    ("entry", "owner", "refused"),
    [
        ({"catalogue_class": "1", "base_library": "population"}, "gongan", set()),
        ({"catalogue_class": "1", "base_library": "population"}, "minzheng", {"base_library"}),
        ({"catalogue_class": "1", "base_library": "credit"}, "minzheng", set()),
        (
            {"catalogue_class": "1", "base_library": "population", "share_type": "none"},
            "gongan",
            {"share_type"},
        ),
        ({"catalogue_class": "3", "base_library": "population", "share_type": "none"}, "minzheng", set()),
    ],
)
def test_entries_of_a_base_library_are_its_leads_and_shared_unconditionally(
    entry: dict[str, Any], owner: str, refused: set[str]
) -> None:
    assert set(leads.objections(entry, owner, NAMED)) == refused


_BASE = {"catalogue_class": "1", "base_library": "population"}


@pytest.mark.article("QD-10(2)")
@pytest.mark.parametrize(
    ("kinds", "share_type", "refused"),
    [
        (("base", "base"), "unconditional", False),
        (("base", "base"), "conditional", True),
        (("base", "business"), "conditional", True),
        (("business", ""), "none", True),
        (("business", "business"), "conditional", False),
        (("business", "business"), "unconditional", False),
        ((), "conditional", True),
    ],
)
def test_base_items_are_shared_unconditionally_and_business_items_need_not_be(
    kinds: tuple[str, ...], share_type: str, refused: bool
) -> None:
    items = [{"name": f"第{at}项", **({"kind": kind} if kind else {})} for at, kind in enumerate(kinds)]
    said = leads.objections({**_BASE, "share_type": share_type, "information_items": items}, "gongan", NAMED)
    assert ("share_type" in said) is refused
    if refused:
        named = [item["name"] for item in items if item.get("kind") != "business"]
        assert all(name in said["share_type"].zh and name in said["share_type"].en for name in named)


@pytest.mark.article("HB-8(3)", "TZ-10(3)")
@pytest.mark.article("QD-10(3)")
def test_entries_of_a_theme_that_several_build_are_its_leads() -> None:
    entry = {"catalogue_class": "2", "theme": "transport", "share_type": "conditional"}
    assert leads.objections(entry, "jiaotong", NAMED) == {}
    assert set(leads.objections(entry, "gongan", NAMED)) == {"theme"}
    assert leads.objections({**entry, "catalogue_class": "3"}, "gongan", NAMED) == {}


@pytest.mark.article("SX-10")
@pytest.mark.parametrize(
    ("basis", "accepted"),
    [
        ("部门职责：社会救助；《社会救助暂行办法》", True),
        ("法律没有规定，已取得被采集人书面同意", True),
        ("工作需要", False),
        ("", False),
    ],
)
def test_an_entry_says_by_what_law_or_consent_it_is_collected(basis: str, accepted: bool) -> None:
    assert (bases.collection_basis({"collection_basis": basis}) is None) is accepted


def _line(rule: str, began: date, now: datetime, done: datetime | None = None) -> dict[str, Any]:
    duty = CatalogueDuty(
        id="d", rule=rule, organization_id="o", dataset_id="p", cause="法律修订", began=began, done_at=done
    )
    clock = duties.clock_of(duty, load_rule_set("jiangsu"), ())
    return duties._line(duty, clock, StatutoryCalendar(), now)


@pytest.mark.article("JS-15")
@pytest.mark.article("JS-32")
def test_shared_data_are_refreshed_within_twenty_working_days_and_overdue_is_shown() -> None:
    began = date(2026, 3, 2)
    in_time = _line("data.refresh", began, datetime(2026, 3, 10, tzinfo=CHINA))
    assert (in_time["days"], in_time["source"], in_time["due"]) == (20, "JS-15", "2026-03-30")
    assert (in_time["lamp"], in_time["overdue"]) == ("green", False)
    assert _line("data.refresh", began, datetime(2026, 3, 27, tzinfo=CHINA))["lamp"] == "yellow"
    late = _line("data.refresh", began, datetime(2026, 3, 31, tzinfo=CHINA))
    assert (late["lamp"], late["overdue"]) == ("red", True)


@pytest.mark.article("QD-8")
@pytest.mark.article("TZ-8")
@pytest.mark.parametrize("rules", ["qidong", "tengzhou"])
def test_the_catalogue_follows_a_change_of_law_within_fifteen_working_days(rules: str) -> None:
    rule = load_rule_set(rules).clock("catalogue.update")
    assert (rule.days, rule.calendar, rule.statutory) == (15, "working", True)
    done = datetime(2026, 3, 20, tzinfo=CHINA)
    line = _line("catalogue.update", date(2026, 3, 2), datetime(2026, 6, 1, tzinfo=CHINA), done)
    assert (line["due"], line["lamp"]) == ("2026-03-23", "done")


@pytest.mark.article("SX-8")
def test_no_person_both_compiles_and_judges_a_change_by_one_role() -> None:
    for transition in CHANGE.transitions:
        if transition.action in JUDGING:
            assert COMPILER not in transition.roles
            assert transition.roles <= {REVIEWER, ADMINISTRATOR}
    assert CHANGE.dead_ends() == ENDED


@pytest.mark.article("SX-12")
def test_only_the_administrator_puts_restricted_sharing_into_effect() -> None:
    (deciding,) = [t for t in CHANGE.transitions if t.action == "decide"]
    assert deciding.roles == {ADMINISTRATOR}
    assert CHANGE.find("submitted", "forward").target == "deciding"  # type: ignore[union-attr]


@pytest.mark.article("HBP-5")
def test_a_project_is_approved_after_its_review_only() -> None:
    assert [t.source for t in PROJECT.transitions if t.action == "approve"] == ["reviewed"]
    assert [t.source for t in PROJECT.transitions if t.action == "accept"] == ["approved"]


@pytest.mark.article("JS-11")
def test_a_verification_is_closed_after_the_collector_has_explained() -> None:
    assert [t.source for t in VERIFICATION.transitions if t.action == "close"] == ["explained"]
    assert VERIFICATION.dead_ends() == {"closed"}
