"""From a table to outputs and evidence, the policy made on the way, in one reading where that is possible."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from anonymize.detect import scan
from anonymize.engines import local
from anonymize.engines.base import Progress
from anonymize.engines.foresee import expected
from anonymize.engines.plan import Plan
from anonymize.errors import PolicyInvalid
from anonymize.findings import Findings
from anonymize.keys import KeyRing
from anonymize.policy import Policy
from anonymize.readers.table import Table
from anonymize.report import Report
from anonymize.writers.base import Writer

Decide = Callable[[Findings], Policy]
"""Makes a policy of findings; asked again with other findings it may answer otherwise."""
Outputs = Callable[[Policy], Sequence[Writer]]
"""Opens the outputs for a policy; asked again, what was written before is worthless."""


def clean(
    table: Table,
    outputs: Outputs,
    decide: Decide,
    *,
    key: bytes | None = None,
    keys: KeyRing | None = None,
    progress: Progress | None = None,
) -> Report:
    """``scan``, ``decide`` and ``apply``: see ``anonymize.clean``.

    The table is carried out under the policy that its first rows suggest while it is scanned. What was
    written stays only when all rows suggest the very same policy; otherwise it is carried out once more.
    """
    plan = _foreseen(table, decide, key, keys)
    if plan is None:
        findings = scan(table, progress=progress)
    else:
        done = local.scan_and_carry_out(plan, table, outputs(plan.policy), progress)
        findings = done.report.findings
        if done.plan is plan and decide(findings).bind(table.columns).sha256 == plan.policy.sha256:
            return done.report
    policy = decide(findings)
    return local.apply(
        table, policy, outputs(policy), key=key, keys=keys, progress=progress, findings=findings
    )


def _foreseen(table: Table, decide: Decide, key: bytes | None, keys: KeyRing | None) -> Plan | None:
    """The plan that the first rows suggest; None when it is not worth the while or needs all rows."""
    guess = expected(table)
    if guess is None:
        return None
    try:
        plan = Plan.bind(table.columns, decide(guess), guess, key=key, keys=keys)
    except PolicyInvalid:
        return None  # of some rows no policy can be made; whether of all, is asked when they are known
    return None if plan.needs_all_rows else plan
