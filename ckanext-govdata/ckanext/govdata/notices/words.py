"""What a notice says, in both languages, and where it leads. No names, no purposes: those are on the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

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
    "product": ("产品登记", "Product", "/licensing/developer/products/{id}"),
    "usage_report": ("使用情况报告", "Report on use", "/licensing/developer/reports/{id}"),
    "usage_alarm": ("使用告警", "Alarm of use", "/licensing/developer"),
}
"""Kind of subject → Chinese, English, page. Kinds without a page are not told of."""


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


def of_clock(clock: StoredClock, rule: Any, days: int) -> Sentence:
    """What falls due, and in how many working days; negative when it is late."""
    zh, en, path = KINDS[clock.kind]
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
        path.format(id=clock.subject_id),
    )
