"""Policy files as somebody careless or hostile writes them: refused with their line, never a traceback."""

from __future__ import annotations

import pytest

from anonymize.errors import PolicyInvalid
from anonymize.policy import Policy

BASE = """\
version: 2
k: 5
columns:
  - {name: 姓名, operator: mask}
  - {name: 日期, operator: keep}
"""
"""Five lines; what a test adds stands in line 6."""


def refused(text: str) -> PolicyInvalid:
    with pytest.raises(PolicyInvalid) as caught:
        Policy.from_yaml(text)
    return caught.value


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (BASE.replace("k: 5", "k: 0"), 2),
        (BASE.replace("version: 2", "version: 3"), 1),
        (BASE.replace("operator: mask", "operator: msk"), 4),
        (BASE.replace("operator: mask", "operator: mask, params: {patern: person}"), 4),
        (BASE.replace("operator: mask", "operator: mask, level: 9"), 4),
        (BASE.replace("operator: mask", "operator: fpe"), 4),
        (BASE.replace("operator: mask", "operator: sample, params: {share: 0.5}"), 4),
        (BASE.replace("operator: mask", "operator: date_shift, params: {by: 证件}"), 4),
        (BASE.replace("name: 日期", "name: 姓名"), 5),
        (BASE.replace("name: 日期", "name: ''"), 5),
        (BASE + "quasi_identifiers: [没有]\n", 6),
        (BASE + "sensitive: [日期, 日期]\n", 6),
        (BASE + "t: 2\n", 6),
        (BASE + "key: lasting\n", 6),
        (BASE + "purpose: agreement\n", 6),
        (BASE + "agreement: 一号\n", 6),
        (BASE + "quasi_identifiers: [日期]\nhierarchies:\n  日期:\n    - {operator: mask}\n", 9),
        (
            BASE
            + "quasi_identifiers: [日期]\nhierarchies: {日期: [{operator: generalise, params: {to: x}}]}\n",
            7,
        ),
        (BASE + "records:\n  - {operator: mask}\n", 7),
        (BASE + "allow:\n  - entity: CN_MOBILE\n    columns: [日期]\n    reason: 公开\n", 8),
    ],
)
def test_parts_that_do_not_hold_together_are_named_with_their_line(text: str, line: int) -> None:
    error = refused(text)
    assert error.params["line"] == line
    assert error.zh.startswith(f"第 {line} 行，")
    assert error.en.startswith(f"Line {line}: ")


@pytest.mark.parametrize(
    "text",
    [
        BASE + "name: " + "[" * 3000 + "]" * 3000 + "\n",
        BASE + "name: " + "[" * 5000,
        BASE + "name: " + "{a: " * 1500 + "1" + "}" * 1500 + "\n",
        BASE + "? [a, b]\n: 1\n",
        BASE + "name: &a x\n",
        BASE + "<<: {k: 3}\n",
        BASE + "name: \x00\n",
        BASE + "---\nversion: 2\n",
        BASE + "l: 1" + "0" * 5000 + "\n",
        BASE.replace("operator: mask", "operator: mask, entity: [x]").replace("k: 5\n", "k: 5\n\n"),
        BASE + "t: .nan\n",
    ],
    ids=[
        "lists", "open lists", "mappings", "key", "anchor", "merge", "nul", "docs", "digits", "entity", "nan"
    ],
)  # fmt: skip
def test_tricks_of_yaml_are_refused_with_their_line(text: str) -> None:
    assert 5 <= refused(text).params["line"] <= 6  # type: ignore[operator]


@pytest.mark.parametrize("number", ["1:30", "010", "0x1F", "1_000", "0b11"])
def test_a_number_that_readers_of_yaml_do_not_agree_on_is_refused(number: str) -> None:
    error = refused(BASE.replace("k: 5", f"k: {number}"))
    assert error.params["line"] == 2
    assert "decimal" in error.en


@pytest.mark.parametrize("number", [".nan", ".inf", "-.inf", "1" + "0" * 400])
@pytest.mark.parametrize(
    "rule",
    [
        "operator: generalise, params: {to: band, width: NUMBER}",
        "operator: generalise, params: {to: band, edges: [1, NUMBER]}",
        "operator: noise, params: {scale: 1, low: NUMBER}",
        "operator: round, params: {step: NUMBER}",
        "operator: top_code, params: {limit: NUMBER}",
    ],
)
def test_a_parameter_is_a_number_that_can_be_calculated_with(number: str, rule: str) -> None:
    assert refused(BASE.replace("operator: mask", rule.replace("NUMBER", number))).params["line"] == 4


def test_half_a_character_is_refused_before_it_breaks_a_digest_or_a_report() -> None:
    refused(BASE + 'name: "\\ud800"\n')
    with pytest.raises(PolicyInvalid):
        Policy.from_dict({"version": 2, "columns": [{"name": "\ud800", "operator": "keep"}]})
