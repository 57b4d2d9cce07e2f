"""What a case has led to: its agreements, and whether the visitor is the one who drafts the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ckanext.govdata.licensing_pages import acting
from ckanext.govdata.licensing_pages.interface import Interface
from licensing.agreements.cases import DECIDED
from licensing.applications.kinds import KINDS

LINES: Final = 20
ENDED: Final = frozenset({"abandoned", "terminated", "expired"})
"""States of an agreement after which the case may have another one."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """``agreements`` are those that the visitor may read, newest first."""

    agreements: tuple[dict[str, Any], ...] = ()
    may_draft: bool = False


def of_case(library: Interface, case: Mapping[str, Any]) -> Agreed:
    """Agreements of a case that was decided for the applicant; nothing for any other.

    Raises:
        Refused: the account may not list agreements.
    """
    if case["kind"] not in KINDS or case["status"] not in DECIDED:
        return Agreed()
    found = library.get("/agreements", case_id=case["id"], limit=LINES).document["items"]
    who = acting.principal()
    drafts = acting.is_provider(who) and case["provider"] in who.departments
    return Agreed(tuple(found), drafts and all(each["status"] in ENDED for each in found))
