"""The only table of a request's states: who may take which step, what runs, and what each state is called.

Article: SX-14 (whoever needs data that are not public may ask; decided on its merits, with reasons),
JS-9 (demands are filed, the catalogue is settled from them).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from anonymize.findings import Sentence
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, COMPILER, REVIEWER
from licensing.core.lifecycle import Lifecycle, Transition

ASKER: Final = "asker"
"""Towards one's own request, and towards those of a team that one belongs to."""

PUBLIC: Final = frozenset({"open", "planned", "existing", "delivered", "refused", "objected", "confirmed"})
"""States in which everybody may see a request. Before moderation nobody but its asker and officers does."""

WAITING: Final = frozenset({"open", "planned"})
"""States in which votes are taken: somebody is still to act."""

ANSWERED: Final = frozenset({"planned", "existing", "delivered", "refused"})
ANSWERS: Final = frozenset({"plan", "point", "refuse"})
"""Steps that answer a request."""

NEEDS_REASON: Final = frozenset({"decline", "refuse", "object", "reopen", "confirm", "assign"})

FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "accept": ("organization",),
    "assign": ("organization",),
    "plan": ("promised_for",),
    "point": ("dataset",),
    "deliver": ("dataset",),
    "refuse": ("basis",),
}
"""What a step needs besides its reason."""

_ADMINISTRATOR = frozenset({ADMINISTRATOR})
_DEPARTMENT = frozenset({COMPILER, REVIEWER})
_REFUSER = frozenset({REVIEWER})
_ASKER = frozenset({ASKER})
_ANSWER, _REVIEW, _MODERATE = ("demand.answer",), ("demand.review",), ("demand.moderate",)


def _row(
    source: str,
    action: str,
    target: str,
    roles: frozenset[str],
    name: tuple[str, str],
    starts: tuple[str, ...] = (),
    stops: tuple[str, ...] = (),
) -> Transition:
    return Transition(
        source, action, target, roles, action in NEEDS_REASON, *name, starts=starts, stops=stops
    )


_PLAN = ("答复：将于某日前发布", "Answer: will be published by a date")
_POINT = ("答复：已有这些数据", "Answer: it exists already")
_REFUSE = ("答复：不能提供", "Answer: cannot be provided")
_ASSIGN = ("转交其他部门", "Hand to another department")

DEMAND: Final = Lifecycle(
    "demand",
    "submitted",
    (
        _row(
            "submitted",
            "accept",
            "open",
            _ADMINISTRATOR,
            ("公开并交部门答复", "Publish and hand to a department"),
            starts=_ANSWER,
            stops=_MODERATE,
        ),
        _row(
            "submitted", "decline", "declined", _ADMINISTRATOR, ("不予公开", "Do not publish"), stops=("*",)
        ),
        _row("open", "assign", "open", _ADMINISTRATOR | _REFUSER, _ASSIGN),
        _row("open", "plan", "planned", _DEPARTMENT, _PLAN, stops=_ANSWER),
        _row("open", "point", "existing", _DEPARTMENT, _POINT, stops=_ANSWER),
        _row("open", "refuse", "refused", _REFUSER, _REFUSE, stops=_ANSWER),
        _row("planned", "plan", "planned", _DEPARTMENT, ("改期", "Change the date")),
        _row("planned", "deliver", "delivered", _DEPARTMENT, ("已发布", "It is published")),
        _row("planned", "refuse", "refused", _REFUSER, _REFUSE),
        _row("existing", "object", "objected", _ASKER, ("提出异议", "Object"), starts=_REVIEW),
        _row("refused", "object", "objected", _ASKER, ("提出异议", "Object"), starts=_REVIEW),
        _row(
            "objected",
            "reopen",
            "open",
            _ADMINISTRATOR,
            ("要求部门重新答复", "Have it answered again"),
            starts=_ANSWER,
            stops=_REVIEW,
        ),
        _row(
            "objected",
            "confirm",
            "confirmed",
            _ADMINISTRATOR,
            ("维持答复", "Confirm the answer"),
            stops=("*",),
        ),
        *(
            _row(state, "withdraw", "withdrawn", _ASKER, ("撤回需求", "Withdraw the request"), stops=("*",))
            for state in ("submitted", "open", "planned")
        ),
    ),
    starts=_MODERATE,
)

STATE_LABELS: Final[Mapping[str, Sentence]] = {
    "submitted": Sentence("待审核", "Awaiting moderation"),
    "declined": Sentence("未公开", "Not published"),
    "open": Sentence("待答复", "Awaiting an answer"),
    "planned": Sentence("计划发布", "Will be published"),
    "existing": Sentence("已有数据", "Exists already"),
    "delivered": Sentence("已发布", "Published"),
    "refused": Sentence("不能提供", "Cannot be provided"),
    "objected": Sentence("异议复核中", "Objection under review"),
    "confirmed": Sentence("维持答复", "Answer confirmed"),
    "withdrawn": Sentence("已撤回", "Withdrawn"),
}

STATE_SENTENCES: Final[Mapping[str, Sentence]] = {
    "submitted": Sentence(
        "等待平台管理人员核对：不含个人信息、确为数据需求，即公开并交部门答复。",
        "The administrator checks that it holds no personal data and asks for data; then it becomes public.",
    ),
    "declined": Sentence("没有公开，理由见下。", "It was not made public; the reason is given below."),
    "open": Sentence("等待部门在时限内答复。", "The department answers within its period."),
    "planned": Sentence(
        "部门已承诺发布日期，发布后在此给出链接。",
        "The department has promised a date; the link will stand here.",
    ),
    "existing": Sentence(
        "部门答复：目录中已有这些数据。", "The department answers that the catalogue has it."
    ),
    "delivered": Sentence("数据已经发布。", "The data are published."),
    "refused": Sentence(
        "部门依法说明了不能提供的理由；提出人可以提出异议。",
        "The department says by which law it cannot; whoever asked may object.",
    ),
    "objected": Sentence("提出人有异议，等待平台管理部门复核。", "The administrator reviews the objection."),
    "confirmed": Sentence(
        "平台管理部门复核后维持部门的答复。", "The administrator has confirmed the answer."
    ),
    "withdrawn": Sentence("提出人已撤回。", "Withdrawn by whoever asked."),
}
