"""Actions of the portal: check access, validate, call one service, dictize."""

from __future__ import annotations

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
    "package_show",
]
