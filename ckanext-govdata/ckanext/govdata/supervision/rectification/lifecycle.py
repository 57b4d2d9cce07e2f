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


RECTIFICATION: Final = Lifecycle(
    "rectification",
    "draft",
    (
        Transition("draft", "issue", "notified", OFFICE, False, "发出整改通知", "Issue the notice"),
        Transition("draft", "drop", "dropped", OFFICE, True, "不予立案", "Do not pursue"),
        Transition("notified", "extend", "notified", OFFICE, True, "延长期限", "Extend the deadline"),
        *(
            Transition(state, "reply", "replied", _REVIEWER, True, "报告整改情况", "Report what was done")
            for state in ("notified", "reported")
        ),
        Transition(
            "notified", "report", "reported", _MACHINE, False, "逾期上报", "Report upward: past the deadline",
        ),
        Transition("replied", "accept", "closed", OFFICE, True, "核查通过", "Inspected: put right"),
        Transition("replied", "return", "notified", OFFICE, True, "核查不通过", "Inspected: not put right"),
        Transition("reported", "criticise", "criticised", OFFICE, True, "通报批评", "Publish a criticism"),
        Transition(
            "criticised", "settle", "closed", OFFICE, True,
            "整改完成，撤下通报", "Put right: end the criticism",
        ),
        *(
            Transition(state, "revoke", "revoked", OFFICE, True, "撤销通知", "Revoke the notice")
            for state in ("notified", "replied", "reported", "criticised")
        ),
    ),
)  # fmt: skip

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
