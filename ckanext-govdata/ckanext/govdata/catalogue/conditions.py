"""What an entry must say about sharing and opening (SX-12, HB-7, HB-8(1), QD-10(1), TZ-10(1)).

Pure functions: the values of an entry in, a bilingual objection or ``None`` out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

CITATION = re.compile(r"《[^《》]{2,}》")


@dataclass(frozen=True)
class Objection:
    """Why a value is refused and what to write instead."""

    zh: str
    en: str


def share_condition(share_type: str, text: str) -> Objection | None:
    """Conditional sharing needs its condition."""
    if share_type == "conditional" and not text.strip():
        return Objection("有条件共享的目录须写明共享条件。", "Conditional sharing needs its condition.")
    return None


def share_basis(share_type: str, text: str) -> Objection | None:
    """Not sharing needs a citation: the title of a law, regulation or policy in 《 》 (HB-8(1))."""
    if share_type == "none" and not CITATION.search(text):
        return Objection(
            "不予共享的须写明依据：法律、行政法规或者党中央、国务院政策的名称（加书名号）和条款。"
            "没有依据的，请改为有条件共享。",
            "What is not shared needs a citation: the title of a law, administrative regulation or national "
            "policy in 《 》, with its article. Without one, choose conditional sharing.",
        )
    return None


def open_condition(open_type: str, text: str) -> Objection | None:
    """Conditional opening needs its condition; what stays closed needs its legal basis (SX-14)."""
    if open_type == "conditional" and not text.strip():
        return Objection("有条件开放的目录须写明开放条件。", "Conditional opening needs its condition.")
    if open_type == "none" and not CITATION.search(text):
        return Objection(
            "不予开放的须写明依据：法律、法规的名称（加书名号）和条款。",
            "What is not opened needs a citation: the title of a law or regulation in 《 》, with its "
            "article.",
        )
    return None
