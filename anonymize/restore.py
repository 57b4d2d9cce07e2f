"""Turn back what an agreement's policy encrypted, for the holder of its key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from anonymize.errors import PolicyInvalid
from anonymize.keys import RELEASE, KeyInvalid, KeyRing
from anonymize.operators import OperatorContext, get_operator
from anonymize.operators.fpe import FpeParams
from anonymize.operators.fpe import restore as restore_column
from anonymize.operators.normal import compact
from anonymize.policy import Policy
from anonymize.readers.table import Table
from anonymize.writers.base import Writer

_BORN = r"^.{6}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
"""The region and a day of GB 11643-1999: one in 900 random numbers has it."""
_ENOUGH = 20


@dataclass(slots=True)
class Born:
    """Restored resident numbers of one column, and how many of them have a possible date of birth."""

    restored: int = 0
    possible: int = 0

    def add(self, numbers: pl.Series) -> None:
        """Count restored cells."""
        self.restored += len(numbers)
        self.possible += int(compact(numbers).str.contains(_BORN).sum())

    @property
    def impossible(self) -> bool:
        """Whether so few have one that another key has to have been used."""
        return self.restored >= _ENOUGH and self.possible * 20 < self.restored


def _dated(params: object) -> bool:
    """Whether the day of birth was encrypted whole."""
    return isinstance(params, FpeParams) and params.check == "resident_id" and params.keep_start <= 8


def restore(
    table: Table, policy: Policy, sinks: Sequence[Writer], keys: KeyRing | None = None, *, check: str = ""
) -> int:
    """Write ``table`` with every column that ``policy`` encrypted (``fpe``) as it was before.

    Args:
        table: what ``apply`` wrote under this policy; columns that the policy dropped are missing in it.
        policy: the one of the agreement, with the name of its key.
        sinks: writers whose fields are the table's columns; closed at the end.
        keys: where the named key is; ``None`` looks into the environment.
        check: by what the key is known (``KeyRing.check``), from the report of the run; not needed where the
            policy states it.

    Returns:
        The number of rows written.

    Raises:
        PolicyInvalid: the policy encrypted nothing under a named key, or nobody says by what the key is
            known: under another key most numbers would come back wrong without a sign of it.
        KeyInvalid: the key is nowhere, is another one, or gives resident numbers of people who were never
            born (the table was not made under this policy).
    """
    rules = [rule for rule in policy.columns if rule.operator.name == "fpe" and rule.name in table.columns]
    if policy.key == RELEASE or not rules:
        raise PolicyInvalid(
            "该方案没有用指名密钥加密的列，无可还原。",
            "This policy encrypted no column under a named key; nothing can be restored.",
        )
    if not (known := policy.key_check or check):
        raise PolicyInvalid(
            "没有密钥 {name} 的校验值，无法判断密钥是否正确：请给出当时的报告（--report），"
            "或在方案中写明 key_check。",
            "Nothing says by what key {name} is known, so a wrong one could not be told: give the report of "
            "the run (--report), or state key_check in the policy.",
            name=policy.key,
        )
    ring = (keys or KeyRing()).bind(policy.key, known)
    operator = get_operator("fpe")
    born = {rule.name: Born() for rule in rules if _dated(operator.parse(rule.operator.params))}
    rows = 0
    for batch in table.batches():
        columns = []
        for rule in rules:
            params = operator.parse(rule.operator.params)
            assert isinstance(params, FpeParams)  # noqa: S101  the register pairs them
            context = OperatorContext(ring.derive("unused"), rule.name, rule.entity, keys=ring)
            made = restore_column(batch[rule.name], params, context).alias(rule.name)
            if rule.name in born:
                born[rule.name].add(made.filter(made != batch[rule.name]))
            columns.append(made)
        restored = batch.with_columns(columns)
        for sink in sinks:
            sink.write(restored)
        rows += batch.height
    if wrong := [name for name, found in born.items() if found.impossible]:
        raise KeyInvalid(
            "用密钥 {name} 还原的“{columns}”列没有可能的出生日期：密钥不对，或文件不是按此方案加密的；"
            "没有留下任何输出。",
            "Restored with key {name}, column “{columns}” has no possible dates of birth: it is another key, "
            "or the file was not made under this policy. No output was left.",
            name=policy.key,
            columns="、".join(wrong),
        )
    for sink in sinks:
        sink.close()
    return rows
