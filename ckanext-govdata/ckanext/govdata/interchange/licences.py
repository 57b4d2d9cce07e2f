"""The licence of an entry as machines are told it: an id, two names, an address."""

from __future__ import annotations

from typing import Any

from ckanext.govdata.interchange.entry import Licence

PORTAL = "govdata-open"
"""The portal's own terms for what is unconditionally open: free use, source and day named (SX-18(2))."""

_UNSTATED = frozenset({"", "notspecified"})
_CC, _ODC = "https://creativecommons.org", "https://opendatacommons.org/licenses"
_KNOWN = {
    "cc-by": ("知识共享 署名（CC BY）", "Creative Commons Attribution (CC BY)", f"{_CC}/licenses/by/4.0/"),
    "cc-by-sa": (
        "知识共享 署名—相同方式共享（CC BY-SA）",
        "Creative Commons Attribution ShareAlike (CC BY-SA)",
        f"{_CC}/licenses/by-sa/4.0/",
    ),
    "cc-zero": ("知识共享 零（CC0）", "Creative Commons Zero (CC0)", f"{_CC}/publicdomain/zero/1.0/"),
    "odc-by": ("开放数据共用 署名（ODC-By）", "Open Data Commons Attribution (ODC-By)", f"{_ODC}/by/1-0/"),
    "odc-odbl": (
        "开放数据共用 数据库（ODbL）",
        "Open Data Commons Open Database (ODbL)",
        f"{_ODC}/odbl/1-0/",
    ),
    "odc-pddl": ("开放数据共用 公有领域（PDDL）", "Open Data Commons PDDL", f"{_ODC}/pddl/1-0/"),
}
"""Licence id → Chinese name, English name, address. CKAN's own title is in whatever language was indexed."""


def licence_of(package: dict[str, Any], base: str) -> Licence:
    """The terms of a package dictionary; what its open type means where none is stated.

    ``base`` is the portal's address: its own terms stand on the guide page.
    """
    given, open_type = str(package.get("license_id") or ""), package.get("open_type")
    terms = f"{base}/about"
    if open_type == "none":
        return Licence("not-open", "不予开放", "Not open: no licence is given", f"{terms}#types")
    if open_type == "conditional" and (given in _UNSTATED or given == "other-closed"):
        zh, en = "有条件开放：须申请，按约定用途使用", "On condition: for the agreed purpose"
        return Licence("conditional", zh, en, f"{terms}#types")
    if given in _UNSTATED:
        return Licence(
            PORTAL,
            "无条件开放：免费使用，注明来源和获取日期",
            "Unconditionally open: free use, source and day of acquisition named",
            f"{terms}#licence",
        )
    zh, en, url = _KNOWN.get(given, (given, given, str(package.get("license_url") or terms)))
    return Licence(given, zh, en, url)
