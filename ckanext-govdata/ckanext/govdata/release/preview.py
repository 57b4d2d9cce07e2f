"""Masked samples for the table of columns: enough to recognise a shape, never a whole cell.

Article: SX-22 (personal data are kept from leaking at every step: what is stored beside the findings
must not itself be personal).
"""

from __future__ import annotations

import secrets
from typing import Final

import polars as pl

from anonymize.operators import Effect, OperatorContext, get_operator, with_effect
from anonymize.policy import ColumnRule, Policy
from anonymize.readers.table import Table

SAMPLES: Final = 3
LOOKED_AT: Final = 2_000
"""Rows of the first batch that samples are taken from."""
LONGEST: Final = 18
VEIL: Final = "•"
SHOWS_INPUT: Final = with_effect(Effect.WHOLE)
"""Operators whose output holds text of the input; what they give is veiled like the input."""


def samples(table: Table, policy: Policy) -> dict[str, list[dict[str, str]]]:
    """Up to three ``{before, after}`` pairs a column, both fit to be stored; by column name."""
    frame = next(iter(table.batches()), None)
    if frame is None:
        return {}
    head = frame.head(LOOKED_AT)
    key = secrets.token_bytes(32)
    return {
        rule.name: _pairs(head.get_column(rule.name), rule, key)
        for rule in policy.columns
        if rule.name in head.columns
    }


def _pairs(column: pl.Series, rule: ColumnRule, key: bytes) -> list[dict[str, str]]:
    values = column.filter(column.str.strip_chars() != "").unique(maintain_order=True).head(SAMPLES)
    if values.is_empty():
        return []
    operator = get_operator(rule.operator.name)
    context = OperatorContext(key=key, column=rule.name, entity=rule.entity)
    treated = operator(values, operator.parse(rule.operator.params), context)
    after = [""] * len(values) if treated is None else treated.to_list()
    show = veil if rule.operator.name in SHOWS_INPUT else _shortened
    return [
        {"before": veil(before), "after": veil(result) if result == before else show(result)}
        for before, result in zip(values.to_list(), after, strict=True)
    ]


def veil(text: str) -> str:
    """``text`` with all but its outermost characters covered; at least half of it is covered.

    Of Chinese only the first character shows: the first two of a story may be somebody's whole name.

    >>> veil("停车场"), veil("11010519491231002X"), veil("男"), veil("李娜反映路灯不亮")
    ('停••', '11•••••••••••••••X', '•', '李••••••亮')
    """
    flat = " ".join(text.split())
    if len(flat) <= 1:
        return VEIL * len(flat)
    if len(flat) <= 5:
        return flat[0] + VEIL * (len(flat) - 1)
    shown = 2 if flat[:2].isascii() else 1
    covered = min(len(flat), LONGEST) - shown - 1
    return flat[:shown] + VEIL * covered + (flat[-1] if len(flat) <= LONGEST else "…")


def _shortened(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 2 * LONGEST else flat[: 2 * LONGEST] + "…"
