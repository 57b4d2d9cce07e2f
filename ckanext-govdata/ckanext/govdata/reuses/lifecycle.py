"""The only table of a reuse's states."""

from __future__ import annotations

from typing import Final

from ckanext.govdata.release.lifecycle import ADMINISTRATOR
from licensing.core.lifecycle import Lifecycle, Transition

MAKER: Final = "maker"
"""Towards what one has handed in oneself."""

_ADMINISTRATOR, _MAKER = frozenset({ADMINISTRATOR}), frozenset({MAKER})

STATE_NAMES: Final = {
    "pending": ("待审核", "waiting to be looked at"),
    "published": ("已展示", "shown"),
    "declined": ("已退回", "returned"),
    "hidden": ("停止展示", "no longer shown"),
    "withdrawn": ("已撤回", "taken back"),
}

REUSE: Final = Lifecycle(
    "reuse",
    "pending",
    [
        Transition("pending", "publish", "published", _ADMINISTRATOR, zh="公开展示", en="Show it"),
        Transition(
            "pending", "decline", "declined", _ADMINISTRATOR, needs_reason=True, zh="退回", en="Return it"
        ),
        Transition("pending", "withdraw", "withdrawn", _MAKER, zh="撤回", en="Take it back"),
        Transition(
            "published",
            "hide",
            "hidden",
            _ADMINISTRATOR,
            needs_reason=True,
            zh="停止展示",
            en="Show it no longer",
        ),
        Transition("published", "withdraw", "withdrawn", _MAKER, zh="撤回", en="Take it back"),
        Transition("hidden", "publish", "published", _ADMINISTRATOR, zh="恢复展示", en="Show it again"),
    ],
    names=STATE_NAMES,
)
