"""What may be applied for, by whom, and what it takes: one row a kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

DEPARTMENT, PARTNER, PERSON = "department", "partner", "person"
UNCONDITIONAL, CONDITIONAL, NONE = "unconditional", "conditional", "none"
PERSONAL, COMMERCIAL, SECRET = "personal", "commercial", "secret"
SENSITIVITIES: Mapping[str, tuple[str, str]] = {
    PERSONAL: ("涉及个人隐私", "personal privacy"),
    COMMERCIAL: ("涉及商业秘密", "trade secrets"),
    SECRET: ("涉及国家秘密", "state secrets"),
}
OFFLINE = "offline"
MODES: Mapping[str, tuple[str, str]] = {
    "api": ("系统接口", "System interface"),
    "exchange": ("前置机共享", "Front-end exchange"),
    "query": ("联机查询", "Online query"),
    "batch": ("批量下载", "Batch download"),
    OFFLINE: ("非在线文件交换", "Exchange of files off line"),
}
"""Modes of provision (TZ-12, QD-14); the last one needs an approval on record (HB-16)."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of application.

    ``types`` are the share or open types (``by``: which of the two) that it is made for. ``statement`` names
    what has to be stated besides purpose and reason; empty: nothing. ``cooperation``: a signed cooperation
    agreement precedes the provision (SX-18). ``qualifications`` are kinds that a partner must show.
    """

    name: str
    zh: str
    en: str
    articles: tuple[str, ...]
    applicants: frozenset[str]
    by: str
    types: frozenset[str]
    statement: tuple[str, str] | None = None
    cooperation: bool = False
    qualifications: tuple[str, ...] = ()


KINDS: Mapping[str, Kind] = {
    each.name: each
    for each in (
        Kind(
            "sharing", "部门间共享申请", "Sharing between departments",
            ("SX-13", "HB-13", "HB-18", "HB-20", "TZ-12", "QD-15"),
            frozenset({DEPARTMENT}), "share_type", frozenset({UNCONDITIONAL, CONDITIONAL, NONE}),
        ),
        Kind(
            "opening", "有条件开放申请", "Conditional opening", ("SX-14",),
            frozenset({PARTNER, PERSON}), "open_type", frozenset({CONDITIONAL}),
        ),
        Kind(
            "interested_party", "利害关系人申请", "Interested party to data not public", ("SX-14",),
            frozenset({PARTNER, PERSON}), "open_type", frozenset({NONE}), ("重大利害关系", "the interest"),
        ),
        Kind(
            "development", "授权开发申请", "Authorised development", ("SX-17", "SX-18"),
            frozenset({PARTNER}), "open_type", frozenset({UNCONDITIONAL, CONDITIONAL, NONE}),
            ("开发利用方案", "the plan of use"), True,
        ),
        Kind(
            "co_development", "合作开发申请", "Co-development", ("SX-17", "SX-18"),
            frozenset({PARTNER}), "open_type", frozenset({UNCONDITIONAL, CONDITIONAL, NONE}),
            ("合作开发方案", "the plan of cooperation"), True,
        ),
    )
}  # fmt: skip
