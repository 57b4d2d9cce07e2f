"""The only table of states of a change: who may take which step.

Article: SX-8, QD-8, TZ-7 (named persons compile and review, and not the same), SX-12 (the administrator
decides about what is to be shared conditionally or not at all before it takes effect).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from anonymize.findings import Sentence
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, COMPILER, REVIEWER, WORKER
from licensing.core.lifecycle import Lifecycle, Transition

JUDGING: Final = frozenset({"approve", "forward", "reject", "decide", "decline"})
"""Steps that nobody may take who has compiled the change (four eyes)."""
COMPILING: Final = frozenset({"create", "submit", "answer"})
WORKING: Final = frozenset({"received", "applying", "indexing"})
"""States in which the machine has the change in hand."""
ENDED: Final = frozenset({"applied", "refused", "rejected", "failed", "cancelled"})

_COMPILER, _REVIEWER = frozenset({COMPILER}), frozenset({REVIEWER})
_ADMINISTRATOR, _MACHINE = frozenset({ADMINISTRATOR}), frozenset({WORKER})


def _row(source: str, action: str, target: str, roles: frozenset[str], zh: str, en: str) -> Transition:
    reason = action in ("reject", "decline")
    return Transition(source, action, target, roles, needs_reason=reason, zh=zh, en=en)


CHANGE: Final = Lifecycle(
    "catalogue_change",
    "received",
    (
        _row("received", "checked", "checked", _MACHINE, "检查完成", "Checked"),
        _row("received", "refuse", "refused", _MACHINE, "检查发现错误", "Errors found"),
        _row("received", "fail", "failed", _MACHINE, "检查未完成", "Check failed"),
        _row("checked", "submit", "submitted", _COMPILER, "提交审核", "Submit for review"),
        _row("submitted", "approve", "applying", _REVIEWER, "审核通过", "Approve"),
        _row(
            "submitted",
            "forward",
            "deciding",
            _REVIEWER,
            "审核通过，报政务信息管理部门",
            "Approve and pass on",
        ),
        _row("submitted", "reject", "rejected", _REVIEWER, "退回", "Return"),
        _row("deciding", "decide", "applying", _ADMINISTRATOR, "同意共享属性", "Decide in favour"),
        _row("deciding", "decline", "rejected", _ADMINISTRATOR, "不同意共享属性", "Decide against"),
        _row("applying", "stored", "indexing", _MACHINE, "已写入目录", "Stored"),
        _row("applying", "fail", "failed", _MACHINE, "生效未完成", "Not carried out"),
        _row("indexing", "indexed", "applied", _MACHINE, "已生效", "In effect"),
        *(
            _row(state, "cancel", "cancelled", _COMPILER, "撤销", "Take back")
            for state in ("received", "checked", "submitted")
        ),
    ),
)

LABELS: Final[Mapping[str, Sentence]] = {
    "received": Sentence("检查中", "Being checked"),
    "checked": Sentence("待提交", "Ready to submit"),
    "refused": Sentence("有错误", "Has errors"),
    "submitted": Sentence("待审核", "Awaiting review"),
    "deciding": Sentence("待审定", "Awaiting the administrator"),
    "applying": Sentence("生效中", "Taking effect"),
    "indexing": Sentence("生效中", "Taking effect"),
    "applied": Sentence("已生效", "In effect"),
    "rejected": Sentence("已退回", "Returned"),
    "failed": Sentence("未完成", "Failed"),
    "cancelled": Sentence("已撤销", "Taken back"),
}

SENTENCES: Final[Mapping[str, Sentence]] = {
    "received": Sentence(
        "系统正在逐行检查，可以离开本页，完成后再来。", "Every row is being checked; you may leave this page."
    ),
    "checked": Sentence(
        "没有错误。请核对新增和修改的内容，再提交审核。",
        "No errors. Look at what changes, then submit it.",
    ),
    "refused": Sentence(
        "有错误，没有导入任何内容。请下载标出错误的表格，改正后重新上传。",
        "There are errors and nothing was imported. Download the marked sheet, mend it and upload it again.",
    ),
    "submitted": Sentence(
        "等待本部门审核人员审核；参与编制的人员不能审核。",
        "A reviewer of the department decides next; nobody who compiled it may.",
    ),
    "deciding": Sentence(
        "含有条件共享或者不予共享的条目，等待政务信息管理部门审定（山西第十二条）。",
        "It holds entries shared conditionally or not at all: the administrator is next (Shanxi art. 12).",
    ),
    "applying": Sentence(
        "系统正在写入目录，全部写入后一次生效。", "It is being stored, and takes effect as a whole."
    ),
    "indexing": Sentence("已写入目录，正在更新检索。", "Stored; the search is being renewed."),
    "applied": Sentence("已生效，公众可以检索。", "In effect; everybody can find it."),
    "rejected": Sentence(
        "已退回，没有生效；理由见办理记录。", "Returned, without effect; the record tells why."
    ),
    "failed": Sentence(
        "没有完成，目录没有任何变化；请按下面的原因处理后重新上传。",
        "Not finished, and the catalogue is as it was; see the reason below, then upload it again.",
    ),
    "cancelled": Sentence("编制人员已撤销。", "The compiler has taken it back."),
}
