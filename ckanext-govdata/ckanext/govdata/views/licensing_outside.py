"""A department asks another for data outside the catalogue or outside the platform (JS-13, JS-14, HB-12).

The case is then worked on like any other: in the inbox, with its negotiation, and filed by the office.
"""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit as tk
from flask import Blueprint, Response

from ckanext.govdata.licensing_pages import entries, names
from ckanext.govdata.licensing_pages.interface import Refused, interface
from ckanext.govdata.licensing_pages.render import page, room
from ckanext.govdata.licensing_pages.visitor import visitor
from licensing.applications.kinds import MODES
from licensing.applications.outside import CHANNELS

licensing_outside = room(Blueprint("govdata_licensing_outside", __name__), account=True)
_TEXTS = ("statement", "purpose", "grounds", "system")


@licensing_outside.get("/licensing/outside")
def begin() -> Any:
    """Who asks whom for which data, how, and why; from an entry its department and columns are known."""
    return _begin(None)


def _begin(refused: Refused | None) -> Response:
    who = visitor(interface())
    if not who.departments:
        return tk.abort(403, tk._("Sharing outside is for departments; everybody else applies for data."))
    entry = entries.visible(tk.request.values["dataset"]) if tk.request.values.get("dataset") else None
    given: dict[str, Any] = {}
    if entry is not None:
        columns = "、".join(column.label for column in entry.columns)
        given = {
            "provider": entry.provider,
            "statement": f"{entry.title}：{columns}" if columns else entry.title,
        }
    return page(
        "licensing/outside_begin.html", refused=refused, own=who.departments, entry=entry,
        others={id: title for id, title in names.all_departments().items() if id not in who.departments},
        channels=CHANNELS, modes=MODES, posted=tk.request.form or given,
    )  # fmt: skip


@licensing_outside.post("/licensing/outside")
def create() -> Any:
    """Keep it as a draft; on the case's page it is looked over once more and proposed."""
    form = tk.request.form
    years = form.get("years", "1")
    draft = {
        **{name: form.get(name, "").replace("\r\n", "\n").strip() for name in _TEXTS},
        "mode": form.get("mode", "api"),
        "years": int(years) if years.isdecimal() and len(years) < 3 else 0,
    }
    body = {
        "department_id": form.get("department", ""), "provider_id": form.get("provider", ""),
        "channel": form.get("channel", ""), "draft": draft,
    }  # fmt: skip
    try:
        made = interface().post("/outside-cases", body)
    except Refused as refused:
        return _begin(refused)
    tk.h.flash_success(tk._("Kept as a draft. Look it over and propose it to the other department."))
    return tk.redirect_to("govdata_licensing_cases.read", case_id=made.document["id"])
