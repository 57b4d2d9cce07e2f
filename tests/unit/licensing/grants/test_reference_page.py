"""The reference page names what there is, and its example is a grant."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from licensing.filings.lifecycle import LIFECYCLE as FILING
from licensing.filings.service import KINDS, MATTERS
from licensing.grants.allows import REASONS
from licensing.grants.terms import parse_terms
from licensing.products.offer import PRICING

PAGE = (Path(__file__).parents[4] / "docs" / "reference" / "filings-and-grants.md").read_text("utf-8")


def test_the_example_of_the_page_is_a_grant() -> None:
    (example,) = re.findall(r"```json\n(.*?)\n```", PAGE, re.S)
    assert parse_terms(json.loads(example)).dataset("parking")


@pytest.mark.parametrize("word", [*FILING.states, *KINDS, *MATTERS, *filter(None, REASONS), *PRICING])
def test_every_state_kind_matter_reason_and_price_stands_on_the_page(word: str) -> None:
    assert re.search(rf"`[^`]*\b{word}\b[^`]*`", PAGE)
