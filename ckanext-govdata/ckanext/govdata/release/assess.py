"""What stands between a release and its submission: one list, computed in one place.

Article: SX-2 (secret marking), SX-14 (what may be open), SX-15 (nothing personal leaves), JS-17 and HB-14
(origin and consent), QD-18 (confidentiality review of this very result), QD-24 (risk assessment on record).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan import model

from ckanext.govdata.model import Release
from ckanext.govdata.release import origins, stage
from ckanext.govdata.release.errors import SecretRefused
from ckanext.govdata.release.origins import blocker

if TYPE_CHECKING:
    from anonymize.report import Report

PASSED = "pass"
REFUSED = "refuse"
CONCLUSIONS = frozenset({PASSED, REFUSED})

BEFORE_REPORT = frozenset(
    {"draft", "uploaded", "scanning", "scanned", "planned", "running", "rejected", "failed"}
)

AFTER_APPROVAL = frozenset({"approved", "publishing", "failed_publish"})


def blockers_of(report: Report) -> list[dict[str, Any]]:
    """The report's own blockers as JSON: residual personal data, k or grade under the bound, lost rows."""
    return [blocker(b.code, b.zh, b.en) for b in report.blockers()]


def blockers(release: Release, dataset: model.Package | None) -> list[dict[str, Any]]:
    """Why ``submit`` would be refused now; empty when it would not. Fails closed on anything missing."""
    found: list[dict[str, Any]] = []
    if dataset is None or dataset.state != "active":
        found.append(blocker("dataset_gone", "目录条目已不存在。", "The catalogue entry is gone."))
    else:
        try:
            stage.ensure_not_secret(dataset)
        except SecretRefused as error:
            found.append(blocker(error.code, error.zh, error.en))
        found.extend(_channel(release, dataset))
        if dataset.owner_org != release.organization_id:
            found.append(
                blocker(
                    "department_changed",
                    "目录条目的责任部门已变更，请由新部门重新发布。",
                    "The entry now belongs to another department, which has to release it anew.",
                )
            )
    if release.status in BEFORE_REPORT or release.report is None or not release.result_sha256:
        found.append(
            blocker(
                "report_missing",
                "还没有当前方案的评估报告，请先执行脱敏。",
                "There is no report on the plan as it stands; run it first.",
            )
        )
    else:
        found.extend(release.report_blockers or [])
    found.extend(origins.missing((release.plan or {}).get("columns", [])))
    found.extend(_sign_off(release))
    return found


def _channel(release: Release, dataset: model.Package) -> list[dict[str, Any]]:
    """Whether there is a way out for the data, and whether it is the one that was approved."""
    channel = stage.channel(dataset)
    if channel is None:
        return [
            blocker(
                "not_open",
                "目录条目既不开放，也不以有条件方式共享，其数据不能提供（SX-14）；"
                "确可提供的，请先修改目录条目的开放类型或共享类型。",
                "The entry is neither open nor shared on conditions; its data are not provided (SX-14). If "
                "they may be, change the open type or the share type of the entry first.",
            )
        ]
    approved = (release.review or {}).get("channel") or stage.PUBLIC_CHANNEL
    if release.status in AFTER_APPROVAL and approved != channel:
        return [
            blocker(
                "channel_changed",
                "审核通过之后，目录条目的开放类型或共享类型已变更；请撤销审核通过，重新审核。",
                "The open type or share type of the entry has changed since the approval; take the approval "
                "back and review again.",
            )
        ]
    return []


def _sign_off(release: Release) -> list[dict[str, Any]]:
    signed = release.sign_off
    if not signed or signed.get("result_sha256") != release.result_sha256 or not release.result_sha256:
        return [
            blocker(
                "sign_off_missing",
                "保密审查人员还没有对本次脱敏结果签署意见（QD-18）。",
                "The confidentiality reviewer has not signed off this very result (QD-18).",
            )
        ]
    if signed.get("conclusion") != PASSED:
        return [
            blocker(
                "sign_off_refused",
                "保密审查结论为不同意发布，请按意见修改方案后重新脱敏。",
                "The confidentiality review refuses this result; change the plan as it says and run again.",
            )
        ]
    return []
