"""The only table of release states: who may take which step, and what each state is called.

Buttons, permissions, the documentation and the test matrix are derived from :data:`RELEASE`;
:func:`licensing.core.lifecycle.advance` is the only writer of ``release.status``.

Article: SX-8 (named persons compile, review and publish), QD-18 (confidentiality review before
release), SX-14 (the department decides what is opened).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from anonymize.findings import Sentence
from licensing.core.lifecycle import Lifecycle, Transition

COMPILER: Final = "compiler"
REVIEWER: Final = "reviewer"
SECRECY: Final = "secrecy"
ADMINISTRATOR: Final = "administrator"
SUPERVISOR: Final = "supervisor"
AUDITOR: Final = "auditor"
"""Sees everything, the trail included, and changes nothing: who holds it may hold no other role."""
WORKER: Final = "worker"
"""The machine's own role: no person holds it, so no person can declare a scan finished."""

DEPARTMENT_ROLES: Final = frozenset({COMPILER, REVIEWER, SECRECY})
PLATFORM_ROLES: Final = frozenset({ADMINISTRATOR, SUPERVISOR, AUDITOR})
HUMAN_ROLES: Final = DEPARTMENT_ROLES | PLATFORM_ROLES

WORKING: Final = frozenset({"scanning", "running", "publishing"})
"""States in which a worker holds the release."""

COMPILING: Final = frozenset({"create", "receive", "scan", "plan", "run", "submit", "recall"})
"""Steps that make their actor a compiler of the release, who may not judge it (four eyes)."""

JUDGING: Final = frozenset({"sign_off", "approve", "reject", "reconsider"})
"""Steps that only somebody who compiled nothing of the release may take."""

NEEDS_REASON: Final = frozenset({"reject", "withdraw"})
"""Steps that are refused without a written reason."""

_COMPILE = frozenset({COMPILER})
_CANCEL = frozenset({COMPILER})
_SIGN = frozenset({SECRECY})
_REVIEW = frozenset({REVIEWER})
_PUBLISH = frozenset({COMPILER, REVIEWER})
_WITHDRAW = frozenset({COMPILER, REVIEWER, SECRECY, ADMINISTRATOR})
_HIDE = frozenset({REVIEWER, SECRECY, ADMINISTRATOR, WORKER})
_SHOW = frozenset({REVIEWER, SECRECY, ADMINISTRATOR})
_MACHINE = frozenset({WORKER})


def _row(source: str, action: str, target: str, roles: frozenset[str], name: tuple[str, str]) -> Transition:
    zh, en = name
    return Transition(source, action, target, roles, needs_reason=action in NEEDS_REASON, zh=zh, en=en)


_BEFORE_PUBLISHING = (
    "draft",
    "uploaded",
    "scanning",
    "scanned",
    "planned",
    "running",
    "assessed",
    "submitted",
    "rejected",
    "approved",
    "failed",
    "failed_publish",
)

_CANCEL_NAME = ("取消并销毁暂存数据", "Cancel and destroy what is staged")

RELEASE: Final = Lifecycle(
    "release",
    "draft",
    (
        _row("draft", "receive", "uploaded", _COMPILE, ("接收原始文件", "Receive the raw file")),
        _row("uploaded", "scan", "scanning", _COMPILE, ("识别个人信息", "Scan for personal data")),
        _row("scanning", "scanned", "scanned", _MACHINE, ("识别完成", "Scan finished")),
        _row("scanning", "fail", "failed", _MACHINE, ("识别未完成", "Scan failed")),
        _row("scanned", "plan", "planned", _COMPILE, ("保存脱敏方案", "Save the plan")),
        _row("scanned", "scan", "scanning", _COMPILE, ("重新识别", "Scan again")),
        _row("planned", "plan", "planned", _COMPILE, ("修改脱敏方案", "Change the plan")),
        _row("planned", "run", "running", _COMPILE, ("开始脱敏", "Desensitise")),
        _row("running", "assessed", "assessed", _MACHINE, ("评估完成", "Assessment finished")),
        _row("running", "fail", "failed", _MACHINE, ("脱敏未完成", "Run failed")),
        _row("assessed", "plan", "planned", _COMPILE, ("修改脱敏方案", "Change the plan")),
        _row("assessed", "sign_off", "assessed", _SIGN, ("保密审查", "Confidentiality review")),
        _row("assessed", "submit", "submitted", _COMPILE, ("提交审核", "Submit for review")),
        _row("submitted", "approve", "approved", _REVIEW, ("审核通过", "Approve")),
        _row("submitted", "reject", "rejected", _REVIEW, ("退回修改", "Return to the compiler")),
        _row("submitted", "recall", "assessed", _COMPILE, ("收回送审", "Take back from review")),
        _row("rejected", "plan", "planned", _COMPILE, ("修改脱敏方案", "Change the plan")),
        _row("approved", "publish", "publishing", _PUBLISH, ("发布", "Publish")),
        _row("approved", "reconsider", "submitted", _REVIEW, ("撤销审核通过", "Take the approval back")),
        _row("publishing", "published", "published", _MACHINE, ("发布完成", "Published")),
        _row("publishing", "provided", "provided", _MACHINE, ("已可凭授权提供", "Provided under grants")),
        _row("publishing", "fail", "failed_publish", _MACHINE, ("发布未完成", "Publication failed")),
        _row("published", "withdraw", "withdrawn", _WITHDRAW, ("撤回", "Withdraw")),
        _row("provided", "withdraw", "retired", _WITHDRAW, ("停止提供", "Stop providing")),
        _row("published", "hide", "hidden", _HIDE, ("暂停公开", "Hide for now")),
        _row("hidden", "show", "published", _SHOW, ("恢复公开", "Make public again")),
        _row("hidden", "withdraw", "withdrawn", _WITHDRAW, ("撤回", "Withdraw")),
        _row("failed", "scan", "scanning", _COMPILE, ("重新识别", "Scan again")),
        _row("failed", "plan", "planned", _COMPILE, ("修改脱敏方案", "Change the plan")),
        _row("failed", "run", "running", _COMPILE, ("重新脱敏", "Run again")),
        _row("failed_publish", "publish", "publishing", _PUBLISH, ("重新发布", "Publish again")),
        *(_row(s, "cancel", "cancelled", _CANCEL, _CANCEL_NAME) for s in _BEFORE_PUBLISHING),
    ),
)

STATE_LABELS: Final[Mapping[str, Sentence]] = {
    "draft": Sentence("待上传", "Awaiting the file"),
    "uploaded": Sentence("已上传", "Uploaded"),
    "scanning": Sentence("识别中", "Scanning"),
    "scanned": Sentence("已识别", "Scanned"),
    "planned": Sentence("方案已定", "Planned"),
    "running": Sentence("脱敏中", "Desensitising"),
    "assessed": Sentence("已评估", "Assessed"),
    "submitted": Sentence("待审核", "Awaiting review"),
    "rejected": Sentence("已退回", "Returned"),
    "approved": Sentence("审核通过", "Approved"),
    "publishing": Sentence("发布中", "Publishing"),
    "published": Sentence("已发布", "Published"),
    "withdrawn": Sentence("已撤回", "Withdrawn"),
    "hidden": Sentence("暂停公开", "Hidden for now"),
    "provided": Sentence("凭授权提供", "Provided under grants"),
    "retired": Sentence("已停止提供", "No longer provided"),
    "failed": Sentence("处理失败", "Failed"),
    "failed_publish": Sentence("发布失败", "Publication failed"),
    "cancelled": Sentence("已取消", "Cancelled"),
}

STATE_SENTENCES: Final[Mapping[str, Sentence]] = {
    "draft": Sentence(
        "等待编目人员上传原始文件；文件加密存放，只在脱敏时解密。",
        "The compiler uploads the raw file next; it is stored encrypted and opened only to be desensitised.",
    ),
    "uploaded": Sentence(
        "原始文件已加密存放，等待编目人员开始识别个人信息。",
        "The raw file is stored encrypted; the compiler starts the scan for personal data next.",
    ),
    "scanning": Sentence(
        "系统正在逐列识别个人信息，可以离开本页，完成后再来。",
        "The system is looking for personal data in every column; you may leave this page.",
    ),
    "scanned": Sentence(
        "识别完成，等待编目人员核对每一列的处理方式和来源。",
        "The scan is finished; the compiler checks the treatment and the origin of every column next.",
    ),
    "planned": Sentence(
        "脱敏方案已保存，等待编目人员开始脱敏。",
        "The plan is saved; the compiler starts the run next.",
    ),
    "running": Sentence(
        "系统正在脱敏、复查并评估风险，可以离开本页，完成后再来。",
        "The system is desensitising, scanning again and measuring the risk; you may leave this page.",
    ),
    "assessed": Sentence(
        "评估报告已生成：先由保密审查人员签署意见，再由编目人员提交审核。",
        "The report is there: the confidentiality reviewer signs first, then the compiler submits.",
    ),
    "submitted": Sentence(
        "等待本部门审核人员审核；参与编目的人员不能审核。",
        "A reviewer of the department decides next; nobody who compiled it may.",
    ),
    "rejected": Sentence(
        "审核人员已退回，等待编目人员按理由修改方案。",
        "The reviewer returned it; the compiler changes the plan according to the reason.",
    ),
    "approved": Sentence(
        "审核通过，等待编目人员或审核人员发布。",
        "Approved; the compiler or the reviewer publishes it next.",
    ),
    "publishing": Sentence(
        "系统正在生成各种格式并发布；全部就绪之前，公众看不到任何内容。",
        "The system is writing every format; nothing is public before all of it is ready.",
    ),
    "published": Sentence(
        "已向公众开放，可以检索、预览和下载。",
        "Open to the public: it can be found, looked at and downloaded.",
    ),
    "withdrawn": Sentence(
        "已撤回：本次发布的所有地址都回答 410（已撤回）。",
        "Withdrawn: every address of this release answers 410.",
    ),
    "hidden": Sentence(
        "因隐私投诉暂停公开，正在核查：页面和文件都不可见；核查后恢复公开或撤回。",
        "Hidden because of a privacy complaint: neither page nor file is public until it is decided.",
    ),
    "provided": Sentence(
        "有条件开放或共享的数据：不公开，只经授权按约定的信息项提供。",
        "Conditional data: nothing is public; granted fields are provided under grants alone.",
    ),
    "retired": Sentence(
        "已停止提供：任何授权都不再能取得本次发布的数据。",
        "No longer provided: no grant reaches the data of this release any more.",
    ),
    "failed": Sentence(
        "处理没有完成，没有任何内容公开；请按下面的原因和办法处理后重试。",
        "The work was not finished and nothing became public; see the reason and what to do, then try again.",
    ),
    "failed_publish": Sentence(
        "发布没有完成，没有任何内容公开；请按下面的原因和办法处理后重新发布。",
        "Publication was not finished and nothing became public; see the reason, then publish again.",
    ),
    "cancelled": Sentence(
        "已取消，暂存的原始文件和中间结果已销毁。",
        "Cancelled; the staged raw file and everything made from it are destroyed.",
    ),
}
