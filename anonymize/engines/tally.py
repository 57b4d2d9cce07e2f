"""What the report says of each column, counted batch by batch."""

from __future__ import annotations

import polars as pl

from anonymize.engines.equality import CellDigest
from anonymize.operators import REDACTED
from anonymize.policy import Policy
from anonymize.report import ColumnDone

_MUST_CHANGE = frozenset({"mask", "hash", "pseudonym"})


class Tally:
    """Counts of rows and cells, and the digests that prove kept columns equal."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        names = [rule.name for rule in policy.columns]
        self.rows = self.rows_out = 0
        self.suppressed: dict[str, int] = {}
        self._empty = dict.fromkeys(names, 0)
        self._changed = dict.fromkeys(names, 0)
        self._unchanged = dict.fromkeys(names, 0)
        kept = [rule.name for rule in policy.columns if rule.operator.name == "keep"]
        self._digests = {name: (CellDigest(), CellDigest()) for name in kept}

    def add(self, before: pl.DataFrame, plain: pl.DataFrame, after: pl.DataFrame) -> None:
        """One batch as read, as transformed, and as it leaves (after suppression)."""
        self.rows += before.height
        self.rows_out += after.height
        for rule in self._policy.columns:
            cells = before[rule.name]
            self._empty[rule.name] += int((cells == "").sum())
            if rule.name not in after.columns:
                self._changed[rule.name] += before.height
                continue
            left = after[rule.name]
            self._changed[rule.name] += int((cells != left).sum())
            if rule.name in self._digests:
                for digest, column in zip(self._digests[rule.name], (cells, left), strict=True):
                    digest.add(column)
            elif gone := int((plain[rule.name] != left).sum()):
                self.suppressed[rule.name] = self.suppressed.get(rule.name, 0) + gone
            if rule.operator.name in _MUST_CHANGE:
                same = (
                    (cells == left)
                    & (cells.str.strip_chars() != "")
                    & ~cells.str.contains(REDACTED, literal=True)
                )
                self._unchanged[rule.name] += int(same.sum())

    def columns(self) -> tuple[ColumnDone, ...]:
        """The counts by column, in the policy's order."""
        done = []
        for rule in self._policy.columns:
            digests = self._digests.get(rule.name)
            done.append(
                ColumnDone(
                    name=rule.name,
                    operator=rule.operator.name,
                    params=dict(rule.operator.params),
                    entity=None if rule.entity is None else rule.entity.value,
                    level=rule.level,
                    published=rule.operator.name != "drop",
                    rows=self.rows,
                    empty=self._empty[rule.name],
                    changed=self._changed[rule.name],
                    suppressed=self.suppressed.get(rule.name, 0),
                    unchanged=self._unchanged[rule.name],
                    sha256_in=digests[0].hexdigest() if digests else None,
                    sha256_out=digests[1].hexdigest() if digests else None,
                )
            )
        return tuple(done)
