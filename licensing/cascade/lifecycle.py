"""What becomes of another platform in our register, as a table."""

from __future__ import annotations

from typing import Final

from licensing.core.lifecycle import Lifecycle, Transition
from licensing.ports import ADMINISTRATOR

ACTIVE, SUSPENDED = "active", "suspended"
_ADMINISTRATOR = frozenset({ADMINISTRATOR})

LIFECYCLE: Final = Lifecycle(
    "cascade_peer",
    ACTIVE,
    [
        Transition(ACTIVE, "change", ACTIVE, _ADMINISTRATOR, True, "变更登记", "Change the entry"),
        Transition(SUSPENDED, "change", SUSPENDED, _ADMINISTRATOR, True, "变更登记", "Change the entry"),
        Transition(ACTIVE, "suspend", SUSPENDED, _ADMINISTRATOR, True, "暂停对接", "Suspend"),
        Transition(SUSPENDED, "resume", ACTIVE, _ADMINISTRATOR, zh="恢复对接", en="Resume"),
    ],
)
"""A change gives its reason: the letter by which the platforms exchanged addresses and keys. A platform with
which there were cases is never removed, only suspended: then nothing is sent to it and nothing taken."""

STATE_NAMES: Final = {ACTIVE: ("对接中", "Connected"), SUSPENDED: ("已暂停", "Suspended")}
