"""What agreements refuse.

::

    InvalidInput
    └── AgreementIncomplete   exit 2, HTTP 422   items are missing or contradict each other
    Conflict
    └── AgreementRefused      exit 4, HTTP 409   not signed by all, another draft is open, too late
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from licensing.core.errors import Conflict, InvalidInput, Part


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one item. ``item`` is an id of :data:`licensing.agreements.terms.ITEMS`,
    ``code`` says what: ``missing``, ``contradictory``, ``beyond_case``, ``forbidden``."""

    item: str
    code: str
    zh: str
    en: str

    def as_dict(self) -> dict[str, str]:
        return {"item": self.item, "code": self.code, "zh": self.zh, "en": self.en}

    @property
    def pointer(self) -> str:
        """Its place in a document that brings the terms (RFC 6901)."""
        return f"/terms/{self.item}"


class AgreementIncomplete(InvalidInput):
    """Carries every fault, so that a form can show all of them at once."""

    code = "agreement_incomplete"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            "协议条款有 {count} 处需要补正：{zh_list}",
            "The agreement has {count} items to be mended: {en_list}",
            count=len(self.faults),
            zh_list="".join(fault.zh for fault in self.faults),
            en_list=" ".join(fault.en for fault in self.faults),
        )

    def parts(self) -> tuple[Part, ...]:
        return tuple(Part(each.pointer, each.code, each.zh, each.en) for each in self.faults)


class AgreementRefused(Conflict):
    code = "agreement_refused"
