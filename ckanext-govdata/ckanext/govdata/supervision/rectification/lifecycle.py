"""The only table of a rectification's states.

Article: HB-31, QD-27 (past the deadline the case is reported upward), TZ-21, SX-23 (notice of criticism).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from anonymize.findings import Sentence
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, REVIEWER, SUPERVISOR, WORKER
from licensing.core.lifecycle import Lifecycle, Transition

OFFICE: Final = frozenset({ADMINISTRATOR, SUPERVISOR})
_REVIEWER: Final = frozenset({REVIEWER})
_MACHINE: Final = frozenset({WORKER})

PUBLIC: Final = frozenset({"criticised"})
"""What everybody may see: a criticism that was decided on."""
OPEN: Final = frozenset({"draft", "notified", "replied", "reported"})
WITH_DEADLINE: Final = frozenset({"issue", "extend", "return"})
"""Steps that set the day by which it has to be put right."""
WITH_DECISION: Final = frozenset({"criticise"})


def _row(
    source: str, action: str, target: str, roles: frozenset[str], zh: str, en: str, *, why: bool
) -> Transition:
    return Transition(source, action, target, roles, why, zh=zh, en=en)


RECTIFICATION: Final = Lifecycle(
    "rectification",
    "draft",
    (
        _row("draft", "issue", "notified", OFFICE, "发出整改通知", "Issue the notice", why=False),
        _row("draft", "drop", "dropped", OFFICE, "不予立案", "Do not pursue", why=True),
        _row("notified", "extend", "notified", OFFICE, "延长期限", "Extend the deadline", why=True),
        _row("notified", "reply", "replied", _REVIEWER, "报告整改情况", "Report what was done", why=True),
        _row(
            "notified",
            "report",
            "reported",
            _MACHINE,
            "逾期上报",
            "Report upward: past the deadline",
            why=False,
        ),
        _row("replied", "accept", "closed", OFFICE, "核查通过", "Inspected: put right", why=True),
        _row("replied", "return", "notified", OFFICE, "核查不通过", "Inspected: not put right", why=True),
        _row("reported", "reply", "replied", _REVIEWER, "报告整改情况", "Report what was done", why=True),
        _row("reported", "criticise", "criticised", OFFICE, "通报批评", "Publish a criticism", why=True),
        _row(
            "criticised",
            "settle",
            "closed",
            OFFICE,
            "整改完成，撤下通报",
            "Put right: end the criticism",
            why=True,
        ),
        *(
            _row(state, "revoke", "revoked", OFFICE, "撤销通知", "Revoke the notice", why=True)
            for state in ("notified", "replied", "reported", "criticised")
        ),
    ),
)

STATE_LABELS: Final[Mapping[str, Sentence]] = {
    "draft": Sentence("待发出", "To be issued"),
    "dropped": Sentence("不予立案", "Not pursued"),
    "notified": Sentence("整改中", "Being put right"),
    "replied": Sentence("待核查", "To be inspected"),
    "reported": Sentence("逾期已上报", "Reported upward"),
    "criticised": Sentence("已通报批评", "Criticised in public"),
    "closed": Sentence("已整改", "Put right"),
    "revoked": Sentence("已撤销", "Revoked"),
}
STATE_NAMES_ZH: Final = {name: label.zh for name, label in STATE_LABELS.items()}
VISIBLE_TO_DEPARTMENT: Final = frozenset(STATE_LABELS) - {"draft", "dropped"}
"""A department learns of a case when its notice is issued."""
