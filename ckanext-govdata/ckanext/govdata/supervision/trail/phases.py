"""Parts of the life cycle, and which step belongs to which: data, no conditions.

Article: SX-20 (采集、存储、传输、处理、开放、利用等环节全生命周期管理).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

COLLECTION, STORAGE, PROCESSING, OPENING = "collection", "storage", "processing", "opening"
SHARING, USE, SUPERVISION = "sharing", "use", "supervision"

PHASES: Final[Mapping[str, tuple[str, str]]] = {
    COLLECTION: ("采集与编目", "Collection and catalogue"),
    STORAGE: ("存储", "Storage"),
    PROCESSING: ("处理", "Processing"),
    OPENING: ("审核与开放", "Review and opening"),
    SHARING: ("传输与授权", "Transfer and authorisation"),
    USE: ("利用", "Use"),
    SUPERVISION: ("监督", "Supervision"),
}
"""In the order of the life cycle: Chinese, English."""

_KINDS: Final[Mapping[str, str]] = {
    "catalogue": COLLECTION,
    "entry": COLLECTION,
    "release": PROCESSING,
    "demand": OPENING,
    "sharing": SHARING,
    "outside": SHARING,
    "opening": SHARING,
    "interested_party": SHARING,
    "development": SHARING,
    "co_development": SHARING,
    "consent": SHARING,
    "secrecy_dispute": SHARING,
    "agreement": SHARING,
    "document": SHARING,
    "filing": SHARING,
    "grant": SHARING,
    "usage_report": USE,
    "product": USE,
    "complaint": SUPERVISION,
    "correction": SUPERVISION,
    "objection": SUPERVISION,
    "rectification": SUPERVISION,
    "usage_alarm": SUPERVISION,
}
_STEPS: Final[Mapping[tuple[str, str], str]] = {
    **{("release", step): STORAGE for step in ("create", "receive", "cancel")},
    **{
        ("release", step): OPENING
        for step in (
            "submit", "recall", "approve", "reject", "reconsider", "publish", "published", "provided",
            "withdraw", "hide", "show",
        )
    },
    **{("grant", step): USE for step in ("issue_token", "rotate_token", "withdraw_token")},
    ("ledger", "erased"): STORAGE,
}  # fmt: skip
"""Steps that belong elsewhere than the rest of their kind."""


def phase_of(kind: str, action: str) -> str:
    """The part of the life cycle of a step; supervision, where nothing else is said."""
    return _STEPS.get((kind, action)) or _KINDS.get(kind, SUPERVISION)


@dataclass(frozen=True, slots=True)
class Part:
    """Steps and kinds that make up a part of the life cycle; ``rest``: and every kind that no part names."""

    steps: tuple[tuple[str, str], ...]
    kinds: tuple[str, ...]
    rest: bool = False


def steps_of(phase: str) -> tuple[Part, Part]:
    """What a part of the life cycle consists of, and what is somewhere else: for a question to a database."""
    mine = tuple(pair for pair, part in _STEPS.items() if part == phase)
    others = tuple(pair for pair, part in _STEPS.items() if part != phase)
    kinds = tuple(kind for kind, part in _KINDS.items() if part == phase)
    elsewhere = tuple(kind for kind, part in _KINDS.items() if part != phase)
    return Part(mine, kinds, rest=phase == SUPERVISION), Part(others, elsewhere)
