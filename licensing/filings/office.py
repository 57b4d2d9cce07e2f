"""In whose name filings are taken on record."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Office:
    """The administrator (政务信息管理部门): its id, name and unified social credit code."""

    id: str
    name: str
    identifier: str
