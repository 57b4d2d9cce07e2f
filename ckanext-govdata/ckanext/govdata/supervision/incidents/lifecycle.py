"""The only table of an incident's states. Article: HBP-14, QD-19."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from anonymize.findings import Sentence
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, COMPILER, REVIEWER, SECRECY, SUPERVISOR
from licensing.core.lifecycle import Lifecycle, Transition

OFFICE: Final = frozenset({ADMINISTRATOR, SUPERVISOR})
REPORTERS: Final = frozenset({COMPILER, REVIEWER, SECRECY})
"""Whoever works for a department enters what was found there."""
_HANDLERS: Final = OFFICE | {REVIEWER}
OPEN: Final = frozenset({"found", "contained", "restored"})


class Level(NamedTuple):
    """Names of a level, and within how many hours such an incident is reported upward."""

    zh: str
    en: str
    hours: int


LEVELS: Final[Mapping[str, Level]] = {
    "I": Level("I 级（特别重大）", "I (most grave)", 1),
    "II": Level("II 级（重大）", "II (grave)", 2),
    "III": Level("III 级（较大）", "III (considerable)", 4),
    "IV": Level("IV 级（一般）", "IV (ordinary)", 24),
}
"""The shortest periods that apply to authorities; a plan may ask for more haste and never for less."""


INCIDENT: Final = Lifecycle(
    "incident",
    "found",
    (
        *(
            Transition(state, "report", state, _HANDLERS, True, "向上级报告", "Report upward")
            for state in ("found", "contained", "restored")
        ),
        Transition("found", "contain", "contained", _HANDLERS, True, "已控制", "Contained"),
        Transition("contained", "restore", "restored", _HANDLERS, True, "已恢复", "Restored"),
        Transition("restored", "review", "reviewed", OFFICE, True, "复盘结案", "Reviewed and closed"),
        Transition("restored", "reopen", "found", _HANDLERS, True, "再次发生", "It has come back"),
    ),
)

STATE_LABELS: Final[Mapping[str, Sentence]] = {
    "found": Sentence("已发现，处置中", "Found, being contained"),
    "contained": Sentence("已控制，恢复中", "Contained, being restored"),
    "restored": Sentence("已恢复，待复盘", "Restored, to be reviewed"),
    "reviewed": Sentence("已复盘结案", "Reviewed and closed"),
}
STATE_NAMES_ZH: Final = {name: label.zh for name, label in STATE_LABELS.items()}
