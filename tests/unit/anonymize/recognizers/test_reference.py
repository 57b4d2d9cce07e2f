"""The reference names every recognizer, its level, and an example that it takes."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from anonymize.detect.propose import operator_for
from anonymize.entities import LEVEL, Entity
from anonymize.operators import get_operator
from anonymize.policy import Policy
from anonymize.recognizers import recognizers
from anonymize.recognizers.normal import canonical

PAGE = (Path(__file__).parents[4] / "docs/reference/recognizers.md").read_text("utf-8")
SECTIONS = {part.split("`")[1]: part for part in PAGE.split("\n## ")[1:] if part.startswith("`")}
PARTS = {
    "整列遮盖": ("mask", "redact"),
    "掩码": ("mask",),
    "泛化": ("generalise",),
    "保留": ("keep",),
    "局部抑制": ("keep",),
}


def test_the_reference_has_a_heading_for_every_recognizer_and_no_other() -> None:
    assert list(SECTIONS) == [entity.value for entity in recognizers()]
    assert set(recognizers()) == set(Entity)


@pytest.mark.parametrize("entity", list(Entity))
def test_the_example_of_the_reference_is_taken_and_the_level_is_right(entity: Entity) -> None:
    row = SECTIONS[entity.value].strip().splitlines()[-1]
    cells = [cell.strip() for cell in row.strip("|").split(" | ")]
    example, level, treatment = cells[3].strip("`"), cells[4], cells[5]
    assert recognizers()[entity].validate(canonical(pl.Series([example]))).to_list() == [True]
    assert int(level) == LEVEL[entity]
    kind = "plain" if LEVEL[entity] == 1 else "identifier"
    name = operator_for(kind, entity, None, embedded=False).name
    get_operator(name)
    expected = next((names for word, names in PARTS.items() if treatment.startswith(word)), ("round",))
    assert name in expected


def test_the_allow_list_of_the_reference_is_read_by_the_parser() -> None:
    block = next(text for text in re.findall(r"```yaml\n(.*?)```", PAGE, re.S) if text.startswith("allow:"))
    columns = "columns:\n  - {name: 办公地址, operator: generalise, params: {to: county}, entity: ADDRESS, level: 3}\n"  # noqa: E501
    policy = Policy.from_yaml("version: 2\n" + columns + block)
    assert [allowance.entity for allowance in policy.allow] == [Entity.LANDLINE, Entity.ADDRESS]
