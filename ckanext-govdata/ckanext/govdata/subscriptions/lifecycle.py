"""The only table of a subscription's states."""

from __future__ import annotations

from typing import Final

from licensing.core.lifecycle import Lifecycle, Transition

SUBSCRIBER: Final = "subscriber"
"""Whoever holds the secret of the link that was sent to the target, and nobody else."""
MACHINE: Final = "worker"

_SUBSCRIBER, _MACHINE = frozenset({SUBSCRIBER}), frozenset({MACHINE})

SUBSCRIPTION: Final = Lifecycle(
    "subscription",
    "pending",
    [
        Transition("pending", "confirm", "active", _SUBSCRIBER, zh="确认订阅", en="Confirm"),
        Transition("pending", "end", "ended", _SUBSCRIBER, zh="退订", en="Unsubscribe"),
        Transition("pending", "expire", "ended", _MACHINE, zh="逾期未确认", en="Not confirmed in time"),
        Transition("active", "end", "ended", _SUBSCRIBER, zh="退订", en="Unsubscribe"),
        Transition("active", "give_up", "ended", _MACHINE, zh="多次送达失败", en="Could not be reached"),
    ],
)

STATE_NAMES: Final = {
    "pending": ("待确认", "waiting for confirmation"),
    "active": ("已生效", "active"),
    "ended": ("已结束", "ended"),
}
