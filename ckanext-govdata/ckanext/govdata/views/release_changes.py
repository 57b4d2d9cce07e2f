"""What a reviewer asks first: what differs from the release that is public now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

ChangeKind = Literal["added", "removed", "operator", "rows", "k", "empty"]

EMPTY = 0.1
"""A column whose share of empty cells moved further is shown (as :mod:`quality.drift` has it)."""
ROWS = 0.5
"""Rows gone or new, as a share of those before, above which a reviewer must look."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: ``before`` and ``after`` are names or counts, never cells.

    ``weaker`` marks what a reviewer must look at: a column newly kept, or a smaller k.
    """

    kind: ChangeKind
    column: str
    before: str
    after: str
    weaker: bool = False


def changes(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> list[Change]:
    """Differences of plan and size between two releases of one dataset, columns in file order.

    Args:
        earlier: the release that is public, as ``govdata_release_show`` answers it.
        later: the release under review, likewise.
    """
    old, new = _plan_columns(earlier), _plan_columns(later)
    found: list[Change] = []
    for name, rule in new.items():
        if name not in old:
            found.append(Change("added", name, "", rule["operator"], weaker=rule["operator"] == "keep"))
        elif _spec(old[name]) != _spec(rule):
            loosened = rule["operator"] == "keep" and old[name]["operator"] != "keep"
            found.append(Change("operator", name, old[name]["operator"], rule["operator"], weaker=loosened))
    found += [Change("removed", name, old[name]["operator"], "") for name in old if name not in new]
    before, after = _rows(earlier), _rows(later)
    if before != after:
        far = bool(before) and after is not None and abs(after - before) > ROWS * before
        found.append(Change("rows", "", _count(before), _count(after), weaker=far))
    found += _empty(earlier, later)
    k_before, k_after = (earlier.get("plan") or {}).get("k"), (later.get("plan") or {}).get("k")
    if k_before != k_after:
        weaker = k_before is not None and (k_after is None or k_after < k_before)
        found.append(Change("k", "", _count(k_before), _count(k_after), weaker=weaker))
    return found


def _empty(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> list[Change]:
    """Columns of the raw file with many more, or many fewer, empty cells than the last time (HB-17)."""
    old, new = _shares(earlier), _shares(later)
    return [
        Change("empty", name, f"{old[name]:.1%}", f"{share:.1%}", weaker=True)
        for name, share in new.items()
        if name in old and abs(share - old[name]) > EMPTY
    ]


def _shares(data: Mapping[str, Any]) -> dict[str, float]:
    columns = (data.get("findings") or {}).get("columns") or []
    return {
        c["name"]: c["nulls"] / c["rows"] for c in columns if c.get("rows") and c.get("nulls") is not None
    }


def _plan_columns(data: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {c["name"]: c for c in (data.get("plan") or {}).get("columns") or []}


def _spec(rule: Mapping[str, Any]) -> tuple[str, tuple[tuple[str, str], ...]]:
    params = rule.get("params") or {}
    return rule["operator"], tuple(sorted((k, repr(v)) for k, v in params.items()))


def _rows(data: Mapping[str, Any]) -> int | None:
    return (data.get("source") or {}).get("rows")


def _count(number: int | None) -> str:
    return "" if number is None else f"{number:,}"
