"""Turn back what an agreement's policy encrypted, for the holder of its key."""

from __future__ import annotations

from collections.abc import Sequence

from anonymize.errors import PolicyInvalid
from anonymize.keys import RELEASE, KeyRing
from anonymize.operators import OperatorContext, get_operator
from anonymize.operators.fpe import FpeParams
from anonymize.operators.fpe import restore as restore_column
from anonymize.policy import Policy
from anonymize.readers.table import Table
from anonymize.writers.base import Writer


def restore(table: Table, policy: Policy, sinks: Sequence[Writer], keys: KeyRing | None = None) -> int:
    """Write ``table`` with every column that ``policy`` encrypted (``fpe``) as it was before.

    Args:
        table: what ``apply`` wrote under this policy; columns that the policy dropped are missing in it.
        policy: the one of the agreement, with the name of its key.
        sinks: writers whose fields are the table's columns; closed at the end.
        keys: where the named key is; ``None`` looks into the environment.

    Returns:
        The number of rows written.

    Raises:
        PolicyInvalid: the policy encrypted nothing under a named key.
        KeyInvalid: the key is nowhere. A wrong key cannot be told from the right one: it gives wrong values.
    """
    rules = [rule for rule in policy.columns if rule.operator.name == "fpe" and rule.name in table.columns]
    if policy.key == RELEASE or not rules:
        raise PolicyInvalid(
            "该方案没有用指名密钥加密的列，无可还原。",
            "This policy encrypted no column under a named key; nothing can be restored.",
        )
    ring = (keys or KeyRing()).bind(policy.key)
    operator = get_operator("fpe")
    rows = 0
    for batch in table.batches():
        columns = []
        for rule in rules:
            params = operator.parse(rule.operator.params)
            assert isinstance(params, FpeParams)  # noqa: S101  the register pairs them
            context = OperatorContext(ring.derive("unused"), rule.name, rule.entity, keys=ring)
            columns.append(restore_column(batch[rule.name], params, context).alias(rule.name))
        restored = batch.with_columns(columns)
        for sink in sinks:
            sink.write(restored)
        rows += batch.height
    for sink in sinks:
        sink.close()
    return rows
