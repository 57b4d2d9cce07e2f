"""The policy: what is done to each column, and what the result must satisfy before it may leave.

A policy is parsed whole before row one. Whatever it does not understand, and whatever an open release
may not do (a lasting key, a reversible operator), is an error that names the place.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from anonymize.entities import Entity
from anonymize.errors import PolicyInvalid
from anonymize.findings import DeclaredType, OperatorSpec
from anonymize.operators import get_operator

UnknownColumns = Literal["refuse", "redact", "drop"]
VERSION = 1


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """What is done to one column. ``level``: 1 public, 2 internal, 3 personal, 4 sensitive."""

    name: str
    operator: OperatorSpec
    entity: Entity | None = None
    level: int = 2
    declared_type: DeclaredType = "text"
    description: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As it stands in a policy file."""
        return {
            "name": self.name,
            "operator": self.operator.name,
            "params": dict(self.operator.params),
            "entity": None if self.entity is None else self.entity.value,
            "level": self.level,
            "declared_type": self.declared_type,
            "description": self.description,
        }


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules for one table.

    ``k``: rows that share a combination of quasi-identifiers, at least. ``max_unique_share``: share of
    rows (0–1) that may be alone with theirs. ``min_grade``: effect of de-identification, 1–4, see
    ``risk/grade.py``. ``sensitive``/``l``: each group of equal quasi-identifiers must show at least ``l``
    different values in each of these columns. ``unknown_columns``: what happens to a column that the
    file has and the policy does not name.
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
    key: Literal["release"] = "release"
    _by_name: dict[str, ColumnRule] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {rule.name: rule for rule in self.columns})
        _check(self)

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
            "key": self.key,
            "k": self.k,
            "max_unique_share": self.max_unique_share,
            "min_grade": self.min_grade,
            "quasi_identifiers": list(self.quasi_identifiers),
            "sensitive": list(self.sensitive),
            "l": self.l,
            "unknown_columns": self.unknown_columns,
            "columns": [rule.as_dict() for rule in self.columns],
        }

    def to_yaml(self, reasons: Mapping[str, str] | None = None) -> str:
        """The policy file. ``reasons``: a sentence by column name, written above the column as a comment."""
        from anonymize.policy_parser import dump_yaml

        return dump_yaml(self, reasons or {})

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


def _refuse(zh: str, en: str, **params: object) -> None:
    raise PolicyInvalid(zh, en, **params)


def _check(policy: Policy) -> None:
    """What must hold between the parts of a policy, wherever it came from."""
    if policy.version != VERSION:
        _refuse(
            "不认识的方案版本 {version}；本软件使用版本 1。",
            "Policy version {version} is not known; this software uses version 1.",
            version=policy.version,
        )
    if policy.key != "release":
        _refuse(
            "开放数据只能使用随本次发布生成、随后销毁的密钥（key: release）；长期密钥须另有授权协议。",
            "An open release uses a key that is destroyed with it (key: release); "
            "a lasting key needs an agreement.",
        )
    if not policy.columns:
        _refuse("方案没有写任何列。", "The policy names no column.")
    names = [rule.name for rule in policy.columns]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        _refuse("列重复出现：{columns}。", "Columns stand twice: {columns}.", columns="、".join(twice))
    bounds = (
        ("k", policy.k, 1, 10_000),
        ("max_unique_share", policy.max_unique_share, 0, 1),
        ("min_grade", policy.min_grade, 1, 4),
        ("l", policy.l, 1, 1_000),
    )
    for key, value, low, high in bounds:
        if not low <= value <= high:
            _refuse(
                "{key} 应在 {low} 与 {high} 之间。",
                "{key} must lie between {low} and {high}.",
                key=key,
                low=low,
                high=high,
            )
    for rule in policy.columns:
        _check_rule(rule)
    dropped = {rule.name for rule in policy.columns if rule.operator.name == "drop"}
    for key, listed in (("quasi_identifiers", policy.quasi_identifiers), ("sensitive", policy.sensitive)):
        if len(set(listed)) != len(listed):
            _refuse("{key} 中有重复的列。", "{key} names a column twice.", key=key)
        for name in listed:
            if name not in names or name in dropped:
                _refuse(
                    "{key} 中的“{column}”不是要发布的列。",
                    "“{column}” in {key} is not a column that will be published.",
                    key=key,
                    column=name,
                )


def _check_rule(rule: ColumnRule) -> None:
    try:
        operator = get_operator(rule.operator.name)
        operator.parse(rule.operator.params)
    except PolicyInvalid as error:
        raise PolicyInvalid(
            "列“{column}”：{detail_zh}",
            "Column “{column}”: {detail_en}",
            column=rule.name,
            detail_zh=error.zh,
            detail_en=error.en,
        ) from error
    if operator.reversible:
        _refuse(
            "列“{column}”：可还原的算子 {operator} 不能用于开放数据。",
            "Column “{column}”: the reversible operator {operator} may not be used for an open release.",
            column=rule.name,
            operator=operator.name,
        )
    if not 1 <= rule.level <= 4:
        _refuse(
            "列“{column}”：level 应为 1 至 4。", "Column “{column}”: level must be 1 to 4.", column=rule.name
        )
    if rule.declared_type not in get_args(DeclaredType):
        _refuse(
            "列“{column}”：declared_type 应为 {known}。",
            "Column “{column}”: declared_type must be one of {known}.",
            column=rule.name,
            known=", ".join(get_args(DeclaredType)),
        )
