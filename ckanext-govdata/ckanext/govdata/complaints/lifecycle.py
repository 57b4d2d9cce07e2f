"""The only table of a privacy complaint's states.

::

    received ──hide──► hidden ──────┬─uphold──► upheld ──correct──► corrected ─┐
        │  ▲            (release    │           (release withdrawn: 410)       │
        │  machine:      answers    └─reject──► rejected ──appeal──► appealed  ├─close──► closed
        │  time is over  451)                   (restored)  │          │       │          (contact erased)
        └─keep──► examined ──────────uphold, reject         └──────────┼───────┘
                  (stays public)                               grant, dismiss: by somebody else

Article: SX-15, SX-22, QD-18 (nothing personal leaves; personal data do not leak).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from anonymize.findings import Sentence
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, REVIEWER, SECRECY, WORKER
from licensing.core.lifecycle import Lifecycle, Transition

COMPLAINANT: Final = "complainant"
"""Who holds the receipt code of the case."""

HANDLING: Final = frozenset({REVIEWER, SECRECY, ADMINISTRATOR})
"""Officers who may handle a case and see what was complained about."""

UNDECIDED: Final = frozenset({"received", "hidden", "examined"})
DECIDED: Final = frozenset({"upheld", "rejected", "corrected", "granted", "dismissed"})
DECIDING: Final = frozenset({"uphold", "reject"})
REVIEWING: Final = frozenset({"grant", "dismiss"})
"""Steps that only somebody who did not decide the case may take (four eyes)."""

NEEDS_REASON: Final = frozenset({"keep", "uphold", "reject", "grant", "dismiss"})

_OFFICER = HANDLING
_ADMINISTRATOR = frozenset({ADMINISTRATOR})
_MACHINE = frozenset({WORKER})
_HIDE, _DECIDE, _WINDOW, _REVIEW = (
    ("complaint.hide",),
    ("complaint.decide",),
    ("complaint.window",),
    ("complaint.review",),
)


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


_UPHOLD = ("投诉成立，撤回发布", "Uphold and withdraw the release")
_REJECT = ("投诉不成立", "Not upheld")
_TAKE_UP = ("由我承办", "Handle this case")
_ENDED = ("upheld", "rejected", "corrected", "granted", "dismissed")

COMPLAINT: Final = Lifecycle(
    "complaint",
    "received",
    (
        *(
            _row(state, "take_up", state, _OFFICER, _TAKE_UP)
            for state in ("received", "hidden", "examined", "appealed")
        ),
        _row(
            "received",
            "hide",
            "hidden",
            _OFFICER | _MACHINE,
            ("先行隐藏数据", "Hide the data for now"),
            stops=_HIDE,
        ),
        _row("examined", "hide", "hidden", _OFFICER, ("先行隐藏数据", "Hide the data for now")),
        _row(
            "received",
            "keep",
            "examined",
            _OFFICER,
            ("核查期间不隐藏", "Keep it public while examining"),
            stops=_HIDE,
        ),
        *(
            _row(state, action, target, _OFFICER, name, starts=_WINDOW, stops=("*",))
            for state in sorted(UNDECIDED)
            for action, target, name in (("uphold", "upheld", _UPHOLD), ("reject", "rejected", _REJECT))
        ),
        _row(
            "upheld", "correct", "corrected", _OFFICER, ("已发布更正版本", "A corrected release is published")
        ),
        _row(
            "rejected",
            "appeal",
            "appealed",
            frozenset({COMPLAINANT}),
            ("提出申诉", "Appeal"),
            starts=_REVIEW,
            stops=_WINDOW,
        ),
        _row(
            "appealed",
            "grant",
            "granted",
            _ADMINISTRATOR,
            ("申诉成立，撤回发布", "Grant the appeal and withdraw"),
            starts=_WINDOW,
            stops=_REVIEW,
        ),
        _row(
            "appealed",
            "dismiss",
            "dismissed",
            _ADMINISTRATOR,
            ("驳回申诉", "Dismiss the appeal"),
            starts=_WINDOW,
            stops=_REVIEW,
        ),
        *(
            _row(
                state,
                "close",
                "closed",
                _MACHINE,
                ("结案并清除联系方式", "Close and erase the contact"),
                stops=("*",),
            )
            for state in _ENDED
        ),
    ),
    starts=(*_HIDE, *_DECIDE),
)

STATE_LABELS: Final[Mapping[str, Sentence]] = {
    "received": Sentence("已收到", "Received"),
    "hidden": Sentence("已先行隐藏", "Hidden for now"),
    "examined": Sentence("核查中", "Under examination"),
    "upheld": Sentence("成立，已撤回", "Upheld, withdrawn"),
    "rejected": Sentence("不成立", "Not upheld"),
    "corrected": Sentence("已更正", "Corrected"),
    "appealed": Sentence("申诉复核中", "Under appeal"),
    "granted": Sentence("申诉成立，已撤回", "Appeal granted, withdrawn"),
    "dismissed": Sentence("申诉被驳回", "Appeal dismissed"),
    "closed": Sentence("已结案", "Closed"),
}

STATE_SENTENCES: Final[Mapping[str, Sentence]] = {
    "received": Sentence(
        "等待部门先行处置：隐藏数据，或说明为什么核查期间不隐藏。到期未处置的，系统自动隐藏。",
        "The department hides the data or says why not. If it does neither in time, the system hides them.",
    ),
    "hidden": Sentence(
        "数据已暂停公开，部门正在核查。",
        "The data are not public for now; the department is looking into it.",
    ),
    "examined": Sentence(
        "部门正在核查，数据仍然公开。", "The department is looking into it; the data stay public."
    ),
    "upheld": Sentence(
        "投诉成立，这次发布已撤回；部门可以发布更正后的版本。",
        "Upheld: the release is withdrawn. The department may publish a corrected one.",
    ),
    "rejected": Sentence(
        "投诉不成立，理由见下；申诉期内可以凭回执码申诉。",
        "Not upheld, for the reason below; you may appeal with the receipt code.",
    ),
    "corrected": Sentence("部门已发布更正后的版本。", "The department has published a corrected release."),
    "appealed": Sentence("等待平台管理部门复核。", "The administrator of the platform reviews it."),
    "granted": Sentence("申诉成立，这次发布已撤回。", "The appeal is granted: the release is withdrawn."),
    "dismissed": Sentence("平台管理部门复核后驳回申诉。", "The administrator has dismissed the appeal."),
    "closed": Sentence(
        "已结案，投诉内容和联系方式已清除。", "Closed; what was written and the contact are erased."
    ),
}
