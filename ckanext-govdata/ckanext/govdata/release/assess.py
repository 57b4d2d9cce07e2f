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
        if not stage.is_open(dataset):
            found.append(
                blocker(
                    "not_open",
                    "目录条目的开放类型不是“无条件开放”，其数据不能公开下载（SX-14）；"
                    "确可公开的，请先在目录条目中改为“无条件开放”。",
                    "The entry is not open to everybody; conditional and closed data are not put up for "
                    "download (SX-14). If these may be public, change the open type of the entry first.",
                )
            )
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
