"""Actions of the portal: check access, validate, call one service, dictize."""

from __future__ import annotations

from ckanext.govdata.logic.action.catalogue import (
    govdata_change_answer,
    govdata_change_approve,
    govdata_change_cancel,
    govdata_change_decide,
    govdata_change_decline,
    govdata_change_list,
    govdata_change_propose,
    govdata_change_reject,
    govdata_change_show,
    govdata_change_submit,
    govdata_change_upload,
    govdata_entry_history,
    govdata_similar_items,
)
from ckanext.govdata.logic.action.officer import govdata_officer_list, govdata_officer_set
from ckanext.govdata.logic.action.package import package_show
from ckanext.govdata.logic.action.release import (
    govdata_release_approve,
    govdata_release_cancel,
    govdata_release_create,
    govdata_release_list,
    govdata_release_plan,
    govdata_release_publish,
    govdata_release_reject,
    govdata_release_run,
    govdata_release_scan,
    govdata_release_show,
    govdata_release_sign_off,
    govdata_release_submit,
    govdata_release_withdraw,
)

__all__ = [
    "govdata_change_answer",
    "govdata_change_approve",
    "govdata_change_cancel",
    "govdata_change_decide",
    "govdata_change_decline",
    "govdata_change_list",
    "govdata_change_propose",
    "govdata_change_reject",
    "govdata_change_show",
    "govdata_change_submit",
    "govdata_change_upload",
    "govdata_entry_history",
    "govdata_officer_list",
    "govdata_officer_set",
    "govdata_release_approve",
    "govdata_release_cancel",
    "govdata_release_create",
    "govdata_release_list",
    "govdata_release_plan",
    "govdata_release_publish",
    "govdata_release_reject",
    "govdata_release_run",
    "govdata_release_scan",
    "govdata_release_show",
    "govdata_release_sign_off",
    "govdata_release_submit",
    "govdata_release_withdraw",
    "govdata_similar_items",
    "package_show",
]
