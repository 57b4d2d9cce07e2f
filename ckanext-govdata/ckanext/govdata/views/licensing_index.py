"""Where licensing begins: what it is, for whoever comes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from ckanext.govdata.licensing_pages.render import page, room

licensing_index = room(Blueprint("govdata_licensing", __name__), account=False)


@licensing_index.get("/licensing")
def index() -> Any:
    """The way from the first wish to the first call, and the doors to each part."""
    return page("licensing/index.html")
