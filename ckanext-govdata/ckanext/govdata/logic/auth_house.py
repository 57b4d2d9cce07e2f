"""Officers look and enter; whose step or entry it is, the services say."""

from __future__ import annotations

from ckan.types import AuthResult, Context, DataDict

from ckanext.govdata.logic.errors import refusal
from ckanext.govdata.release.roles import is_officer


def officers(context: Context, _data_dict: DataDict | None = None) -> AuthResult:
    """Officers alone."""
    if is_officer(context.get("user")):
        return {"success": True}
    return refusal("只有部门办理人员和监督人员可以查看。", "Only officers and supervisors may see this.")


govdata_incident_report = officers
govdata_incident_list = officers
govdata_incident_show = officers
govdata_incident_step = officers
govdata_incident_plan = officers
govdata_drill_hold = officers
govdata_responsible_name = officers
govdata_responsible_list = officers
govdata_assessment_list = officers
govdata_availability_show = officers
