"""Whether a table can be scanned while it is carried out, and the plan for that.

What becomes of a batch depends on the plan alone, and a plan needs findings for one thing only: which columns
hold identifiers that the policy gives no name (0010, 0019). They are guessed from the first rows. At the end
the findings say whether the guess was right; so a guess decides about time, never about what leaves.
"""

from __future__ import annotations

from anonymize.detect import glance
from anonymize.detect.scan import is_large
from anonymize.engines.plan import Plan
from anonymize.findings import Findings
from anonymize.keys import KeyRing
from anonymize.policy import Policy
from anonymize.readers.table import Table


def expected(table: Table) -> Findings | None:
    """What the first rows of a large table let expect; None for a small one, which is soon read twice."""
    first = next(table.batches(), None)
    return glance(table, first) if first is not None and is_large(table, first) else None


def foreseen(
    table: Table, policy: Policy | Plan, *, key: bytes | None = None, keys: KeyRing | None = None
) -> Plan | None:
    """The plan under which a scan may go on beside; None when the table has to be scanned before.

    None for a small table, for a plan that is decided by all rows, and where cells are made in view of the
    other identifiers of their row: these have to be known before.

    Raises:
        PolicyInvalid: the policy does not fit the table, or would publish no column.
        KeyInvalid: the policy's key is nowhere.
    """
    if isinstance(policy, Plan):
        return None
    policy.bind(table.columns)
    guess = expected(table)
    if guess is None:
        return None
    plan = Plan.bind(table.columns, policy, guess, key=key, keys=keys)
    return None if plan.needs_all_rows or plan.sees_siblings else plan
