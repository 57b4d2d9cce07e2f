"""Who looks at supervision: officers. What each of them sees there, :mod:`supervision.sight` says."""

from __future__ import annotations

from ckan.plugins import toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ckanext.govdata.logic.errors import refusal
from ckanext.govdata.release.lifecycle import ADMINISTRATOR, AUDITOR, SUPERVISOR
from ckanext.govdata.release.roles import is_officer, roles_of


def _officers(context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    if is_officer(context.get("user")):
        return {"success": True}
    return refusal("只有部门办理人员和监督人员可以查看。", "Only officers and supervisors may see this.")


@tk.auth_allow_anonymous_access
def _anybody(_context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    return {"success": True}


def _inspectors(context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    if roles_of(context.get("user"), None) & {ADMINISTRATOR, AUDITOR}:
        return {"success": True}
    return refusal(
        "全流程记录只供平台管理员和审计人员查看。", "The whole trail is for the administrator and auditors."
    )


govdata_life_cycle = _inspectors
govdata_life_cycle_find = _inspectors
govdata_clock_board = _officers
govdata_clock_list = _officers
govdata_rectification_open = _officers  # that it is a supervisor, the service asks
govdata_rectification_list = _anybody  # of what everybody may see
govdata_rectification_show = _anybody  # likewise
govdata_rectification_paper = _officers  # that it is a supervisor, the service asks
govdata_rectification_step = _officers  # whose step it is, the lifecycle's table says
govdata_supervision_statistics = _anybody
govdata_evaluation_list = _anybody  # of what everybody may see
govdata_evaluation_show = _anybody  # likewise
govdata_evaluation_history = _anybody  # published results alone
govdata_evaluation_records = _officers  # of whose department, the service asks
govdata_evaluation_step = _officers  # whose step it is, the lifecycle's table says


def govdata_evaluation_open(context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    """Whoever supervises the whole platform."""
    if roles_of(context.get("user"), None) & {ADMINISTRATOR, SUPERVISOR}:
        return {"success": True}
    return refusal("只有政务信息管理部门可以开始评估。", "Only the administrator begins an evaluation.")
