"""Reports of doubtful or wrong data (HB-23, TZ-15, QD-17)."""

from __future__ import annotations

from typing import Any

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import Context, DataDict

from ckanext.govdata.logic import schema
from ckanext.govdata.logic.errors import refused
from ckanext.govdata.portal import error_reports
from licensing.core.errors import Conflict, LicensingError


class NotKeptHere(Conflict):
    """This installation has no database of cases."""

    code, status = "not_kept_here", 503


def govdata_error_report(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Tell the department that its data are doubtful or wrong; its clock begins at once.

    :param dataset_id: id or name of the entry
    :param description: what is wrong, at most 4000 characters; no values of persons
    :param place: which rows or fields
    :param release: number of the release
    :returns: the case: ``{id, status, status_label, …}``
    """
    tk.check_access("govdata_error_report", context, data_dict)
    data, errors = tk.navl_validate(data_dict, schema.error_report(), context)
    if errors:
        raise tk.ValidationError(errors)
    dataset = tk.get_action("package_show")({"user": context.get("user")}, {"id": data["dataset_id"]})
    try:
        if not error_reports.can_be_made():
            raise NotKeptHere(
                "本平台尚未启用在线纠错，请按页面上的联系方式反馈。",
                "Reports are not taken on line here; please use the contact on the page.",
            )
        return error_reports.report(
            model.User.get(context.get("user")),
            dataset["id"],
            place=data.get("place") or "",
            description=data["description"],
            release=data.get("release"),
        )
    except LicensingError as error:
        raise refused(error) from None
