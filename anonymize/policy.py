"""The policy: what is done to each column, and what the result must satisfy before it may leave.

A policy is parsed whole before row one. Whatever it does not understand, and whatever an open release
may not do (a lasting key, a reversible operator), is an error that names the place. Format 2; format 1,
which lacked purpose, t, records, hierarchies and allowances, is read and upgraded.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from anonymize.errors import PolicyInvalid
from anonymize.findings import OperatorSpec
from anonymize.keys import RELEASE
from anonymize.policy_parts import Allowance, ColumnRule, spec_dict

__all__ = ["VERSION", "Allowance", "ColumnRule", "Policy", "Purpose", "UnknownColumns"]

UnknownColumns = Literal["refuse", "redact", "drop"]
Purpose = Literal["open", "agreement"]
VERSION = 2


@dataclass(frozen=True, slots=True)
class Policy:
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
    operators may be reversible. A key itself never stands here.
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
    _by_name: dict[str, ColumnRule] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {rule.name: rule for rule in self.columns})
        # Late: the checks know the operators, which know the kinds of values.
        from anonymize.policy_checks import check

        check(self)

    # -- reading -----------------------------------------------------------------------------------

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Policy:
        """Build a policy from plain data (JSON, a form). Unknown keys and wrong types raise PolicyInvalid."""
        from anonymize.policy_parser import parse_policy

        return parse_policy(data)

    @classmethod
    def from_yaml(cls, text: str) -> Policy:
        """Build a policy from a policy file; errors name the line."""
        from anonymize.policy_parser import parse_yaml

        return parse_yaml(text)

    # -- writing -----------------------------------------------------------------------------------

    def as_dict(self) -> dict[str, Any]:
        """Plain data, from which ``from_dict`` makes an equal policy."""
        return {
            "version": self.version,
            "name": self.name,
            "purpose": self.purpose,
            "agreement": self.agreement,
            "key": self.key,
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

    def to_yaml(self, reasons: Mapping[str, str] | None = None, lang: str = "zh") -> str:
        """The policy file.

        Args:
            reasons: a sentence by column name, written above the column as a comment.
            lang: of the comments on grades.
        """
        from anonymize.policy_writer import dump_yaml

        return dump_yaml(self, reasons or {}, lang)

    @property
    def sha256(self) -> str:
        """Digest of the canonical JSON (sorted keys, no blanks, UTF-8): equal policies, equal digests."""
        canonical = json.dumps(self.as_dict(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    # -- use ---------------------------------------------------------------------------------------

    def rule(self, column: str) -> ColumnRule:
        """The rule of a column; KeyError when the policy does not name it."""
        return self._by_name[column]

    def bind(self, columns: Sequence[str]) -> Policy:
        """This policy for a table with exactly these columns, in the table's order.

        Fails closed: a column of the policy that the table lacks, and (unless ``unknown_columns`` says
        otherwise) a column of the table that the policy does not name, raise PolicyInvalid.
        """
        missing = [name for name in self._by_name if name not in set(columns)]
        if missing:
            raise PolicyInvalid(
                "方案中的列在文件里没有：{columns}。请核对表头，或从方案中删去。",
                "The policy names columns that the file lacks: {columns}. Check the header, or remove them.",
                columns="、".join(missing),
            )
        unknown = [name for name in columns if name not in self._by_name]
        if unknown and self.unknown_columns == "refuse":
            raise PolicyInvalid(
                "文件中的列在方案里没有：{columns}。请为每一列写明如何处理。",
                "The policy does not name these columns of the file: {columns}. Say what each becomes.",
                columns="、".join(unknown),
            )
        if reserved := [name for name in columns if name == "*" or (name[:1] == "^" and name[-1:] == "$")]:
            # Such a name would stand for several columns in an expression.
            raise PolicyInvalid(
                "列名 {columns} 不能使用，请改名后再上传。",
                "The column name {columns} cannot be used; rename it and upload again.",
                columns="、".join(reserved),
            )
        extra = {name: ColumnRule(name, OperatorSpec(self.unknown_columns), level=3) for name in unknown}
        rules = tuple(self._by_name.get(name) or extra[name] for name in columns)
        return Policy(**{**_fields(self), "columns": rules})


def _fields(policy: Policy) -> dict[str, Any]:
    names = [n for n in Policy.__dataclass_fields__ if not n.startswith("_")]
    return {name: getattr(policy, name) for name in names}
