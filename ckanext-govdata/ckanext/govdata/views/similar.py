"""``/dataset/<name>/similar``: entries about the same things; with ``?part=1`` the list alone."""

from __future__ import annotations

from ckan.common import current_user
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, make_response

from ckanext.govdata.portal import similar as kin

pages = Blueprint("govdata_similar", __name__)

LISTED_PART, LISTED_PAGE = 5, 20
LASTS = 300
"""Seconds for which a browser may keep the list."""


@pages.get("/dataset/<name>/similar")
def similar(name: str) -> Response:
    """The public entries most like ``name``; 404 for an entry that the reader may not see."""
    try:
        dataset = tk.get_action("package_show")({"user": current_user.name}, {"id": name})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return tk.abort(404, tk._("Dataset not found"))
    part = bool(tk.request.args.get("part"))
    entries = kin.to(dataset, LISTED_PART if part else LISTED_PAGE)
    template = "package/snippets/similar.html" if part else "package/similar.html"
    answer = make_response(tk.render(template, {"pkg": dataset, "entries": entries}))
    visible = "private" if current_user.is_authenticated else "public"
    answer.headers["Cache-Control"] = f"{visible}, max-age={LASTS}"
    return answer
