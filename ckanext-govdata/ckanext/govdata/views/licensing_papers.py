"""Attachments: read through the portal as the account that looks at the case, and taken away again."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit as tk
from flask import Blueprint

from ckanext.govdata.licensing_pages.interface import Refused, interface
from ckanext.govdata.licensing_pages.render import room

licensing_papers = room(Blueprint("govdata_licensing_papers", __name__), account=True)


@licensing_papers.get("/licensing/attachments/<attachment_id>")
def read(attachment_id: str) -> Any:
    """The file, as a download that no cache keeps."""
    return interface().file(f"/attachments/{attachment_id}")


@licensing_papers.post("/licensing/attachments/<attachment_id>/remove")
def remove(attachment_id: str) -> Any:
    """Take away what was not handed in yet, and back to where the list was."""
    case = tk.request.form.get("case", "")[:64]
    try:
        interface().post(f"/attachments/{attachment_id}/remove")
    except Refused as refused:
        tk.h.flash_error(refused.detail)
    else:
        tk.h.flash_success(tk._("The attachment is gone."))
    if tk.request.form.get("back") == "supplement":
        return tk.redirect_to("govdata_licensing_cases.supplement", case_id=case)
    return tk.redirect_to("govdata_licensing_apply.step", case_id=case, name="attachments")
