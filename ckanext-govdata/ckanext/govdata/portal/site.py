"""Who runs the site: the lines that every government site shows in its footer and its meta tags.

Source: the annexes of 《政府网站发展指引》(国办发〔2017〕47号) on page tags and the common footer.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from ckan.plugins import toolkit as tk


@dataclass(frozen=True, slots=True)
class Site:
    """Each line is empty when it is not configured; an empty line is not shown."""

    domain: str
    sponsor: str
    operator: str
    phone: str
    email: str
    address: str
    code: str
    icp: str
    police: str


def current() -> Site:
    """The lines of this installation, from the options ``ckanext.govdata.site.*``."""

    def line(name: str) -> str:
        return str(tk.config.get(f"ckanext.govdata.site.{name}") or "").strip()

    return Site(
        domain=urlsplit(str(tk.config.get("ckan.site_url") or "")).netloc,
        sponsor=line("sponsor"),
        operator=line("operator"),
        phone=line("phone"),
        email=line("email"),
        address=line("address"),
        code=line("code"),
        icp=line("icp"),
        police=line("police"),
    )


def base_map() -> dict[str, str]:
    """The map service of this installation: ``tiles`` (an address with {z}, {x}, {y}), who made the map, and
    its review number; all empty where none is configured, and then no page asks another host.

    Source: 《地图管理条例》: published maps show who made them and the number of their review.
    """
    names = {
        "tiles": "map.tiles",
        "labels": "map.labels",
        "attribution": "map.attribution",
        "review": "map.review",
    }
    return {key: str(tk.config.get(f"ckanext.govdata.{name}") or "").strip() for key, name in names.items()}
