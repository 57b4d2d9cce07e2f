"""Stored samples never hold a whole cell (SX-22)."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonymize.entities import Entity
from anonymize.findings import OperatorSpec
from anonymize.policy import ColumnRule
from ckanext.govdata.release.preview import VEIL, _pairs, veil


@pytest.mark.article("SX-22")
@given(st.text(min_size=1, max_size=80).filter(lambda s: s.strip()).filter(lambda s: VEIL not in s))
def test_a_veiled_text_never_shows_more_than_half_of_itself(text: str) -> None:
    veiled, flat = veil(text), " ".join(text.split())
    shown = sum(character not in (VEIL, "…") for character in veiled)
    assert veiled != flat
    assert shown <= max(1, len(flat) / 2)


@pytest.mark.parametrize("operator", ["keep", "mask", "redact", "drop"])
def test_no_sample_holds_a_cell_whole(operator: str) -> None:
    rule = ColumnRule("证件", OperatorSpec(operator), Entity.RESIDENT_ID, level=4)
    cells = ["11010519491231002X", "440524188001010014"]
    for pair in _pairs(pl.Series("证件", cells), rule, bytes(32)):
        assert not any(cell in pair["before"] or cell in pair["after"] for cell in cells)


def test_blank_cells_give_no_sample() -> None:
    rule = ColumnRule("备注", OperatorSpec("redact"))
    assert _pairs(pl.Series("备注", ["", "  "]), rule, bytes(32)) == []


@pytest.mark.article("SX-22")
@pytest.mark.parametrize("text", ["李娜反映路灯不亮", "诸葛明来电咨询医保", "李娜 13800000000"])
def test_a_veiled_story_does_not_begin_with_a_whole_name(text: str) -> None:
    assert veil(text).startswith(text[0] + VEIL)
