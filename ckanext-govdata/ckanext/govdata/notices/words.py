"""What a notice says, in both languages, and where it leads. No names, no purposes: those are on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ckanext.govdata.model import BoardClock
from ckanext.govdata.supervision.board import periods
from licensing.applications.kinds import KINDS as CASES
from licensing.core.store.clocks import StoredClock
from licensing.http.registry import subjects

_CASE: Final = "/licensing/cases/{id}"
KINDS: Final[Mapping[str, tuple[str, str, str]]] = {
    **{name: (kind.zh, kind.en, _CASE) for name, kind in CASES.items()},
    "secrecy_dispute": ("涉密争议", "Dispute over secrecy", _CASE),
    "outside": ("平台外共享", "Sharing outside the platform", _CASE),
    "consent": ("转供同意", "Consent to pass data on", "/licensing/inbox"),
    "agreement": ("协议", "Agreement", "/licensing/agreements/{id}"),
    "filing": ("备案", "Filing", "/licensing/filings/{id}"),
    "objection": ("公示异议", "Objection", "/licensing/filings"),
    "grant": ("数据授权", "Access", "/licensing/grants/{id}"),
    "correction": ("数据校核", "Correction", "/corrections/{id}"),
    "product": ("产品登记", "Product", "/licensing/developer/products/{id}"),
    "usage_report": ("使用情况报告", "Report on use", "/licensing/developer/reports/{id}"),
    "usage_alarm": ("使用告警", "Alarm of use", "/licensing/developer"),
    "demand": ("数据需求", "Request for data", "/requests/{number}"),
    "complaint": ("隐私投诉", "Privacy complaint", "/complaints/{number}"),
    "rectification": ("整改", "Rectification", "/supervision/rectifications/{number}"),
    "outage": ("服务可用性", "Availability", "/supervision/availability"),
    "incident": ("安全事件", "Security incident", "/supervision/incidents/{number}"),
    "drill": ("应急演练", "Drill", "/supervision/incidents"),
    "evaluation": ("年度评估", "Yearly evaluation", "/supervision/evaluations/{id}"),
    "duty": ("目录与数据更新", "Duty to update", "/catalogue/registers"),
}
"""Kind of subject → Chinese, English, page. Kinds without a page are not told of."""
_LISTS: Final[Mapping[str, str]] = {
    "demand": "/requests/desk",
    "complaint": "/complaints",
    "rectification": "/supervision/rectifications",
    "incident": "/supervision/incidents",
}
"""Where a subject is found whose number is not at hand."""
OVERDUE: Final = "overdue"
"""What a notice says of a clock that ran out; its ``state`` is the period's id."""


def path_of(kind: str, subject_id: str, number: int | None = None) -> str:
    """The page of a subject, below the site's address; empty where there is none."""
    path = KINDS[kind][2] if kind in KINDS else ""
    if "{number}" in path and number is None:
        return _LISTS[kind]
    return path.format(id=subject_id, number=number)


@dataclass(frozen=True, slots=True)
class Sentence:
    """``zh`` and ``en``, and the page below the site's address."""

    zh: str
    en: str
    path: str

    def in_language(self, chinese: bool) -> str:
        return self.zh if chinese else self.en


def of_step(kind: str, subject_id: str, action: str, state: str, *, mine: bool) -> Sentence:
    """What happened, how it stands, and whether it is the reader's turn."""
    if action == OVERDUE:
        return _of_overdue(kind, subject_id, state)
    zh, en, path = KINDS[kind]
    found = subjects()[kind]
    step = next((t for t in found.lifecycle.transitions if t.action == action), None)
    state_zh, state_en = found.states.get(state, (state, state))
    done_zh, done_en = (step.zh, step.en) if step is not None else ("新建", "Begun")
    turn_zh, turn_en = ("，请您办理", "; it is your turn") if mine else ("", "")
    return Sentence(
        f"{zh}：{done_zh}，现为“{state_zh}”{turn_zh}。",
        f"{en}: {done_en}. It is now “{state_en}”{turn_en}.",
        path.format(id=subject_id),
    )


def _of_overdue(kind: str, subject_id: str, rule_id: str) -> Sentence:
    zh, en, _ = KINDS[kind]
    rule_zh, rule_en, source = periods.name(rule_id)
    return Sentence(
        f"{zh}“{rule_zh}”已超过期限（{source}），请督促办结。",
        f"{en}, “{rule_en}” has passed its last day ({source}); see that it is done.",
        path_of(kind, subject_id),
    )


def of_clock(clock: StoredClock | BoardClock, rule: Any, days: int) -> Sentence:
    """What falls due, and in how many working days; negative when it is late."""
    zh, en, _ = KINDS[clock.kind]
    if days < 0:
        left_zh, left_en = f"已超期 {-days} 个工作日", f"overdue by {-days} working days"
    elif days == 0:
        left_zh, left_en = "今天到期", "due today"
    else:
        left_zh, left_en = f"还有 {days} 个工作日", f"{days} working days left"
    due = clock.due_day.isoformat() if clock.due_day is not None else ""
    return Sentence(
        f"{zh}“{rule.zh}”{left_zh}（{due} 到期，{rule.source}）。",
        f"{en}, “{rule.en}”: {left_en} (due {due}, {rule.source}).",
        path_of(clock.kind, clock.subject_id),
    )
