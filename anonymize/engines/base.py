"""What every engine is: one call that turns a table into outputs and evidence."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from anonymize.engines.plan import Plan
from anonymize.findings import Findings
from anonymize.keys import KeyRing
from anonymize.policy import Policy
from anonymize.readers.table import Table
from anonymize.report import Report
from anonymize.writers.base import Writer

Progress = Callable[[str, int, int], None]
"""``progress(stage, done, total)`` in rows; stages ``scan``, ``desensitise``, ``assess``."""


class Engine(Protocol):
    """Every engine gives the same bytes for the same table, policy and key."""

    def apply(
        self,
        table: Table,
        policy: Policy | Plan,
        sinks: Sequence[Writer],
        *,
        key: bytes | None = None,
        keys: KeyRing | None = None,
        progress: Progress | None = None,
        findings: Findings | None = None,
    ) -> Report:
        """See ``engines.local.apply``."""
        ...
