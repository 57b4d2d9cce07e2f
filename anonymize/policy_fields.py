"""What a policy says: its fields, as plain data, and its digest.

Whether they hold together is judged in ``policy_checks``; what is done with them stands in ``policy``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from anonymize.findings import OperatorSpec
from anonymize.keys import RELEASE
from anonymize.policy_parts import Allowance, ColumnRule, spec_dict

UnknownColumns = Literal["refuse", "redact", "drop"]
Purpose = Literal["open", "agreement"]
VERSION = 2


@dataclass(frozen=True, slots=True)
class PolicyFields:
    """The rules for one table.

    ``k``: rows that share a combination of quasi-identifiers, at least. ``max_unique_share``: share of
    rows (0–1) that may be alone with theirs. ``min_grade``: effect of de-identification, 1–4, see
    ``risk/grade.py``. ``sensitive``/``l``: each group of equal quasi-identifiers must show at least ``l``
    different values in each of these columns; ``t``: the distribution of each in a group may differ from the
    whole table's by this distance at most (0–1; 1 asks nothing). ``hierarchies``: by quasi-identifier, the
    operators from fine to coarse among which a search may choose. ``allow``: what public bodies publish of
    themselves. ``records``: which rows leave at all. ``unknown_columns``: what happens to a column that the
    file has and the policy does not name.

    ``purpose``: ``open`` for everybody, under a ``key`` that is made for the release and destroyed; or
    ``agreement`` for the partner of the agreement with this number, where ``key`` may name a lasting key and
    operators may be reversible. ``key_check``: sixteen hexadecimal digits by which the right key is known
    (``KeyRing.check``); a run under another key is refused. A key itself never stands here.
    """

    columns: tuple[ColumnRule, ...]
    name: str = ""
    version: int = VERSION
    k: int = 5
    max_unique_share: float = 0.0
    min_grade: int = 3
    quasi_identifiers: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    l: int = 1  # noqa: E741  the name that the literature gives it
    unknown_columns: UnknownColumns = "refuse"
    key: str = RELEASE
    t: float = 1.0
    purpose: Purpose = "open"
    agreement: str = ""
    hierarchies: Mapping[str, tuple[OperatorSpec, ...]] = field(default_factory=dict, hash=False)
    allow: tuple[Allowance, ...] = ()
    records: tuple[OperatorSpec, ...] = ()
    key_check: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Plain data, from which ``Policy.from_dict`` makes an equal policy."""
        return {
            "version": self.version,
            "name": self.name,
            "purpose": self.purpose,
            "agreement": self.agreement,
            "key": self.key,
            # Only where it is given: the digests of other policies stay what they were before it could be.
            **({"key_check": self.key_check} if self.key_check else {}),
            "k": self.k,
            "max_unique_share": self.max_unique_share,
            "min_grade": self.min_grade,
            "quasi_identifiers": list(self.quasi_identifiers),
            "sensitive": list(self.sensitive),
            "l": self.l,
            "t": self.t,
            "hierarchies": {c: [spec_dict(s) for s in specs] for c, specs in self.hierarchies.items()},
            "allow": [allowance.as_dict() for allowance in self.allow],
            "unknown_columns": self.unknown_columns,
            "records": [spec_dict(spec) for spec in self.records],
            "columns": [rule.as_dict() for rule in self.columns],
        }

    @property
    def sha256(self) -> str:
        """Digest of the canonical JSON (sorted keys, no blanks, UTF-8): equal policies, equal digests."""
        canonical = json.dumps(self.as_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()
