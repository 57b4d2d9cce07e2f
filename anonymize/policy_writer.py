"""Policy files as people read them: one column a block, its grade and its reason above it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from anonymize.policy_fields import PolicyFields

_HEADER = """\
# 脱敏方案 / de-identification policy
# k：具有相同准标识符组合的行至少有几行；min_grade：去标识化效果等级下限（1–4）。
# k: rows that share a combination of quasi-identifiers, at least; min_grade: least effect grade (1–4).
"""
_BLOCKS = ("columns", "hierarchies", "allow", "records")


def dump_yaml(policy: PolicyFields, reasons: Mapping[str, str], lang: str = "zh") -> str:
    """The policy as a file. ``reasons``: a sentence by column, written above it as a comment."""
    data = policy.as_dict()
    lines = [_HEADER.rstrip("\n")]
    lines += [f"{key}: {_scalar(value)}" for key, value in data.items() if key not in _BLOCKS]
    lines += _ladders(data["hierarchies"])
    for key in ("allow", "records"):
        if data[key]:
            lines.append(f"{key}:")
            for item in data[key]:
                lines += _block(item)
    lines.append("columns:")
    for rule, column in zip(policy.columns, data["columns"], strict=True):
        said = rule.basis.zh if lang.startswith("zh") else rule.basis.en
        lines.append(f"  # {said}")
        if reason := reasons.get(rule.name, "").strip():
            lines += [f"  # {part}" for part in reason.splitlines()]
        lines += _block(column)
    return "\n".join(lines) + "\n"


def _ladders(hierarchies: Mapping[str, list[Any]]) -> list[str]:
    lines = ["hierarchies:"] if hierarchies else []
    for column, steps in hierarchies.items():
        lines.append(f"  {_scalar(column)}:" + ("" if steps else " []"))
        lines += [f"    - {_scalar(step)}" for step in steps]
    return lines


def _block(item: Mapping[str, Any]) -> list[str]:
    pairs = [f"{key}: {_scalar(value)}" for key, value in item.items() if value not in (None, "", {}, [])]
    return [f"  {'-' if n == 0 else ' '} {pair}" for n, pair in enumerate(pairs)]


def _scalar(value: Any) -> str:
    # JSON is YAML, and its quoting leaves no doubt (a column may be called "on", "1e3" or "- x").
    return json.dumps(value, ensure_ascii=False)
