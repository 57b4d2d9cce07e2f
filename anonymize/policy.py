"""The policy: what is done to each column, and what the result must satisfy before it may leave.

A policy is parsed whole before row one. Whatever it does not understand, and whatever an open release
may not do (a lasting key, a reversible operator), is an error that names the place. Format 2; format 1,
which lacked purpose, t, records, hierarchies and allowances, is read and upgraded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from anonymize.errors import PolicyInvalid
from anonymize.findings import OperatorSpec
from anonymize.policy_checks import check
from anonymize.policy_fields import VERSION, PolicyFields, Purpose, UnknownColumns
from anonymize.policy_parser import parse_policy, parse_yaml
from anonymize.policy_parts import Allowance, ColumnRule
from anonymize.policy_writer import dump_yaml

__all__ = ["VERSION", "Allowance", "ColumnRule", "Policy", "Purpose", "UnknownColumns"]


@dataclass(frozen=True, slots=True)
class Policy(PolicyFields):
    """The rules for one table, checked when they are made; what each field means stands in ``PolicyFields``.

    Raises:
        PolicyInvalid: the parts do not hold together; names the place.
    """

    _by_name: dict[str, ColumnRule] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {rule.name: rule for rule in self.columns})
        check(self)

    # -- reading -----------------------------------------------------------------------------------

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Policy:
        """Build a policy from plain data (JSON, a form). Unknown keys and wrong types raise PolicyInvalid."""
        return parse_policy(data, cls)

    @classmethod
    def from_yaml(cls, text: str) -> Policy:
        """Build a policy from a policy file; errors name the line."""
        return parse_yaml(text, cls)

    # -- writing -----------------------------------------------------------------------------------

    def to_yaml(self, reasons: Mapping[str, str] | None = None, lang: str = "zh") -> str:
        """The policy file.

        Args:
            reasons: a sentence by column name, written above the column as a comment.
            lang: of the comments on grades.
        """
        return dump_yaml(self, reasons or {}, lang)

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
    return {f.name: getattr(policy, f.name) for f in fields(policy) if f.init}
