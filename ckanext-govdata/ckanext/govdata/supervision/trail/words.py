"""Names of steps and states of every kind of subject, in both languages; they come from the lifecycles."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from ckanext.govdata.catalogue.changes.lifecycle import CHANGE
from ckanext.govdata.catalogue.changes.lifecycle import LABELS as CHANGE_LABELS
from ckanext.govdata.complaints.lifecycle import COMPLAINT
from ckanext.govdata.complaints.lifecycle import STATE_LABELS as COMPLAINT_LABELS
from ckanext.govdata.notices import words
from ckanext.govdata.release.lifecycle import RELEASE
from ckanext.govdata.release.lifecycle import STATE_LABELS as RELEASE_LABELS
from ckanext.govdata.requests.lifecycle import DEMAND
from ckanext.govdata.requests.lifecycle import STATE_LABELS as DEMAND_LABELS
from ckanext.govdata.supervision.rectification.lifecycle import RECTIFICATION
from ckanext.govdata.supervision.rectification.lifecycle import STATE_LABELS as RECTIFICATION_LABELS
from licensing.http.registry import subjects

Pair = tuple[str, str]
"""Chinese, English."""

_PORTAL: Final[Mapping[str, tuple[Any, Mapping[str, Any]]]] = {
    "release": (RELEASE, RELEASE_LABELS),
    "complaint": (COMPLAINT, COMPLAINT_LABELS),
    "demand": (DEMAND, DEMAND_LABELS),
    "rectification": (RECTIFICATION, RECTIFICATION_LABELS),
    "catalogue": (CHANGE, CHANGE_LABELS),
}
_KINDS: Final[Mapping[str, Pair]] = {
    "release": ("发布", "Release"),
    "entry": ("目录条目", "Entry"),
    "catalogue": ("目录编制", "Catalogue"),
    "correction": ("数据校核", "Correction"),
    "document": ("签署文件", "Document to sign"),
    "ledger": ("账本", "Ledger"),
    "cascade": ("跨平台办理", "Between platforms"),
}
_STEPS: Final[Mapping[str, Pair]] = {
    "create": ("新建", "Begun"),
    "created": ("新建", "Begun"),
    "erased": ("依法删除内容", "Content erased by law"),
    "erasure": ("依法删除内容", "Content erased by law"),
    "succession": ("部门承继", "Succession of departments"),
    "secrecy_ruling": ("涉密争议已有结论", "The dispute on secrecy is settled"),
    "received": ("收到其他平台的消息", "Received from another platform"),
    "acknowledged": ("其他平台已签收", "Acknowledged by another platform"),
}
"""Steps that are in no lifecycle's table."""


@cache
def _of(kind: str) -> tuple[Any, Mapping[str, Pair]]:
    if kind in _PORTAL:
        lifecycle, labels = _PORTAL[kind]
        return lifecycle, {state: (label.zh, label.en) for state, label in labels.items()}
    found = subjects().get(kind)
    return (found.lifecycle, found.states) if found is not None else (None, {})


def kind_name(kind: str) -> Pair:
    """What kind of subject it is."""
    if kind in _KINDS:
        return _KINDS[kind]
    zh, en, _ = words.KINDS.get(kind, (kind, kind, ""))
    return zh, en


def step_name(kind: str, action: str) -> Pair:
    """What was done."""
    lifecycle, _ = _of(kind)
    if lifecycle is not None and action in lifecycle.actions:
        found: Pair = lifecycle.action_name(action)
        return found
    return _STEPS.get(action, (action, action))


def state_name(kind: str, state: str) -> Pair:
    """How the subject stood afterwards."""
    return _of(kind)[1].get(state, (state, state))


def path_of(kind: str, subject: str) -> str:
    """The page of the subject, below the site's address; empty where there is none."""
    if kind in ("release", "entry"):
        return f"/{'release' if kind == 'release' else 'dataset'}/{subject}"
    return words.path_of(kind, subject)
