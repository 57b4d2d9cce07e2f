"""Other platforms: who they are, whether they are reached, what waits for them, and a try at once.

A client of the interface of :mod:`licensing.cascade`; the administrator enters and changes, supervisors look.
Articles: HB-12, QD-12.
"""

from __future__ import annotations

from typing import Any, Final

from ckan.plugins import toolkit as tk
from flask import Blueprint, Response

from ckanext.govdata.licensing_pages import names
from ckanext.govdata.licensing_pages.interface import Interface, Refused, interface
from ckanext.govdata.licensing_pages.render import page, room
from ckanext.govdata.licensing_pages.visitor import visitor
from licensing.cascade.peers import LEVELS
from licensing.ports import ADMINISTRATOR

licensing_cascade = room(
    Blueprint("govdata_cascade", __name__, url_prefix="/supervision/cascade"), account=True
)
FIELDS: Final = ("name", "level", "site", "address", "key", "department", "partner")
STEPS: Final = ("suspend", "resume", "retry")


@licensing_cascade.get("")
def index() -> Any:
    """The register with its lamps, the messages that wait, and this platform's own key."""
    return _index(interface())


def _index(api: Interface, refused: Refused | None = None, tried: str = "") -> Response:
    shown = api.get("/cascade").document
    return page(
        "supervision/cascade.html", refused=refused, shown=shown, tried=tried,
        identity=api.get("/cascade/identity").document, levels=LEVELS,
        departments=names.all_departments(), manages=ADMINISTRATOR in visitor(api).roles,
        address=f"{tk.config['ckan.site_url'].rstrip('/')}/api/licensing/v1",
        posted=tk.request.form if refused else {},
    )  # fmt: skip


def _entry() -> dict[str, Any]:
    form = tk.request.form
    return {name: form.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS}


@licensing_cascade.post("")
def register() -> Any:
    """Enter a platform."""
    api = interface()
    try:
        api.post("/cascade/peers", {"id": tk.request.form.get("id", "").strip(), **_entry()})
    except Refused as refused:
        return _index(api, refused, "new")
    tk.h.flash_success(tk._("Entered. Messages are sent from now on."))
    return tk.redirect_to("govdata_cascade.index")


@licensing_cascade.post("/<peer_id>/change")
def change(peer_id: str) -> Any:
    """Enter a new address, key or department; what the form does not ask stays."""
    api = interface()
    now = api.get(f"/cascade/peers/{peer_id}").document
    body = {
        **_entry(),
        "departments": now["departments"],
        "reason": tk.request.form.get("reason", "").strip(),
    }
    try:
        api.post(f"/cascade/peers/{peer_id}/change", body, version=tk.request.form.get("version") or None)
    except Refused as refused:
        return _index(api, refused, peer_id)
    tk.h.flash_success(tk._("Done and on record."))
    return tk.redirect_to("govdata_cascade.index")


@licensing_cascade.post("/<peer_id>/<any({}):step>".format(",".join(STEPS)))
def take(peer_id: str, step: str) -> Any:
    """Suspend, resume, or try what waits with the next round."""
    api = interface()
    body = {"reason": tk.request.form.get("reason", "").strip()} if step == "suspend" else None
    try:
        api.post(f"/cascade/peers/{peer_id}/{step}", body)
    except Refused as refused:
        return _index(api, refused, peer_id)
    if step == "retry":
        tk.h.flash_success(tk._("Tried again with the next round, within ten seconds."))
    else:
        tk.h.flash_success(tk._("Done and on record."))
    return tk.redirect_to("govdata_cascade.index")
