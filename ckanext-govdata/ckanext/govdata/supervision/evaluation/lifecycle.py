"""The only table of an evaluation's states.

Article: QD-21 (the department reports, the administrator advises, the result is published).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from anonymize.findings import Sentence
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, COMPILER, REVIEWER, SUPERVISOR
from licensing.core.lifecycle import Lifecycle, Transition

_DEPARTMENT: Final = frozenset({COMPILER, REVIEWER})
_REVIEWER: Final = frozenset({REVIEWER})
_OFFICE: Final = frozenset({ADMINISTRATOR, SUPERVISOR})

EVALUATION: Final = Lifecycle(
    "evaluation",
    "draft",
    (
        Transition("draft", "save", "draft", _DEPARTMENT, False, "保存自评", "Save the self-report"),
        Transition("draft", "sign", "signed", _REVIEWER, False, "签报自评", "Sign the self-report"),
        Transition("signed", "return", "draft", _OFFICE, True, "退回修改", "Return it"),
        *(
            Transition(state, "advise", "advised", _OFFICE, True, "提出改进建议", "Give advice")
            for state in ("signed", "advised")
        ),
        Transition("advised", "publish", "published", _OFFICE, False, "公布评估结果", "Publish the result"),
        Transition("published", "withdraw", "signed", _OFFICE, True, "撤回结果", "Withdraw the result"),
    ),
)
STATE_LABELS: Final[Mapping[str, Sentence]] = {
    "draft": Sentence("自评中", "Self-report in preparation"),
    "signed": Sentence("已签报，待审议", "Signed, to be considered"),
    "advised": Sentence("已提出建议，待公布", "Advised, to be published"),
    "published": Sentence("已公布", "Published"),
}
STATE_NAMES_ZH: Final = {name: label.zh for name, label in STATE_LABELS.items()}
PUBLIC: Final = frozenset({"published"})
