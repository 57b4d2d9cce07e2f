"""Every shipped rule set is complete, cites its sources, and says what is not its own."""

from __future__ import annotations

import re

import pytest

from licensing.core.errors import InvalidInput
from licensing.core.rules import RULE_SETS, load_rule_set, parse_rule_set

CLOCKS = {
    "application.conformity",
    "application.decide",
    "application.notify",
    "platform.decide",
    "sensitive.answer",
    "catalogue.update",
    "data.refresh",
    "correction.answer",
    "release.review",
    "filing.accept",
    "filing.review",
    "filing.notice",
    "usage.report",
}
LAYER = b"layer: practice\ntitle: {zh: a, en: b}\nclocks: []\n"
RULE = "{id: a, starts: x, stops: y, days: 3, calendar: working, warn_before: 1, source: HB-19, zh: a, en: b}"


def rule_set(*rules: str) -> bytes:
    listed = "".join(f"\n  - {rule}" for rule in rules)
    return f"rule_set: t\ntitle: {{zh: a, en: b}}\ninherits: [practice]\nclocks:{listed}\n".encode()


@pytest.mark.parametrize("name", RULE_SETS)
def test_every_rule_set_has_every_clock(name: str) -> None:
    assert set(load_rule_set(name).clocks) == CLOCKS


@pytest.mark.parametrize("name", RULE_SETS)
def test_a_clock_of_the_regulation_itself_cites_an_article_of_it(name: str) -> None:
    prefix = {"shanxi": "SX", "hubei": "HB", "qidong": "QD", "tengzhou": "TZ", "jiangsu": "JS"}[name]
    for rule in load_rule_set(name).clocks.values():
        if rule.statutory:
            assert re.fullmatch(rf"{prefix}-\d+", rule.source), rule.id


def test_shanxi_sets_no_period_of_its_own_and_says_so() -> None:
    assert not any(rule.statutory for rule in load_rule_set("shanxi").clocks.values())


@pytest.mark.parametrize(
    ("name", "clock", "days", "article"),
    [
        ("hubei", "application.conformity", 3, "HB-19"),
        ("hubei", "application.notify", 1, "HB-20"),
        ("hubei", "platform.decide", 3, "HB-21"),
        ("qidong", "application.decide", 10, "QD-15"),
        ("qidong", "catalogue.update", 15, "QD-8"),
        ("tengzhou", "application.decide", 10, "TZ-12"),
        ("tengzhou", "catalogue.update", 15, "TZ-8"),
        ("jiangsu", "sensitive.answer", 15, "JS-18"),
        ("jiangsu", "data.refresh", 20, "JS-15"),
    ],
)
def test_the_statutory_days_are_those_of_the_article(name: str, clock: str, days: int, article: str) -> None:
    rule = load_rule_set(name).clock(clock)
    assert (rule.days, rule.source, rule.statutory) == (days, article, True)


@pytest.mark.parametrize(
    "rules",
    [
        [RULE, RULE],
        [RULE.replace("days: 3", "days: -3")],
        [RULE.replace("source: HB-19", "source: ''")],
        [RULE.replace("working", "lunar")],
        [RULE.replace("zh: a", "zh: a, colour: red")],
        [RULE.replace("days: 3, ", "")],
        [RULE.replace("warn_before: 1", "warn_before: 9")],
    ],
)
def test_a_rule_file_that_is_not_understood_as_a_whole_is_refused(rules: list[str]) -> None:
    with pytest.raises(InvalidInput):
        parse_rule_set(rule_set(*rules), {"practice": LAYER})


def test_the_same_file_without_the_fault_is_read() -> None:
    assert parse_rule_set(rule_set(RULE), {"practice": LAYER}).clock("a").days == 3


def test_an_unknown_rule_set_or_clock_names_what_there_is() -> None:
    with pytest.raises(InvalidInput, match="shanxi"):
        load_rule_set("atlantis")
    with pytest.raises(InvalidInput, match="no clock"):
        load_rule_set("shanxi").clock("tea.break")


@pytest.mark.parametrize("name", RULE_SETS)
def test_a_disagreement_climbs_by_three_stages_that_each_cite_an_article(name: str) -> None:
    stages = load_rule_set(name).escalation
    assert [each.stage for each in stages] == ["negotiation", "centre", "government"]
    assert all(re.fullmatch(r"(SX|HB|QD|TZ|JS)-\d+", each.source) for each in stages)


def test_ministry_rules_justify_a_refusal_in_hubei_only() -> None:
    accepting = []
    for name in RULE_SETS:
        citations = load_rule_set(name).citations
        assert citations is not None
        if "ministry_rule" in citations.levels:
            accepting.append(name)
    assert accepting == ["hubei"]


def test_what_a_regulation_does_not_say_is_marked_with_its_layer() -> None:
    stages = {each.stage: each.layer for each in load_rule_set("qidong").escalation}
    assert stages == {"negotiation": "", "centre": "", "government": "local_practice"}


@pytest.mark.parametrize(
    "extra",
    [
        "escalation:\n  - {stage: emperor, source: HB-25}\n",
        "escalation:\n  - {stage: centre}\n",
        "escalation:\n  - {stage: centre, source: ''}\n",
        "citations: {levels: [habit], source: HB-8}\n",
        "citations: {levels: [law], source: HB-8, layer: own}\n",
        "unconditional: {way: never, source: HB-12}\n",
    ],
)
def test_a_rule_beside_the_clocks_is_checked_as_well(extra: str) -> None:
    with pytest.raises(InvalidInput):
        parse_rule_set(rule_set(RULE) + f"\n{extra}".encode(), {"practice": LAYER})
