"""What a reviewer asks first: what differs from the release that is public now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

ChangeKind = Literal["added", "removed", "operator", "rows", "k"]


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
        found.append(Change("rows", "", _count(before), _count(after)))
    k_before, k_after = (earlier.get("plan") or {}).get("k"), (later.get("plan") or {}).get("k")
    if k_before != k_after:
        weaker = k_before is not None and (k_after is None or k_after < k_before)
        found.append(Change("k", "", _count(k_before), _count(k_after), weaker=weaker))
    return found


def _plan_columns(data: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {c["name"]: c for c in (data.get("plan") or {}).get("columns") or []}


def _spec(rule: Mapping[str, Any]) -> tuple[str, tuple[tuple[str, str], ...]]:
    params = rule.get("params") or {}
    return rule["operator"], tuple(sorted((k, repr(v)) for k, v in params.items()))


def _rows(data: Mapping[str, Any]) -> int | None:
    return (data.get("source") or {}).get("rows")


def _count(number: int | None) -> str:
    return "" if number is None else f"{number:,}"
