"""What filing refuses.

::

    InvalidInput
    └── PackageIncomplete   exit 2, HTTP 422   carries every finding at once
    Conflict
    └── FilingRefused       exit 4, HTTP 409   not now: notice still runs, objections open, receipt issued
    OfficeMissing           exit 1, HTTP 503   nobody has said in whose name receipts are issued
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from licensing.core.errors import Conflict, InvalidInput, LicensingError, Part


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a package; ``item`` is its part, ``code`` a word for machines."""

    item: str
    code: str
    zh: str
    en: str

    def as_dict(self) -> dict[str, str]:
        return {"item": self.item, "code": self.code, "zh": self.zh, "en": self.en}


class PackageIncomplete(InvalidInput):
    code = "package_incomplete"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(
            "备案材料有 {count} 处问题：{zh_list}",
            "The package has {count} faults: {en_list}",
            count=len(self.findings),
            zh_list="".join(each.zh for each in self.findings),
            en_list=" ".join(each.en for each in self.findings),
        )

    def parts(self) -> tuple[Part, ...]:
        return tuple(Part(f"/{each.item}", each.code, each.zh, each.en) for each in self.findings)


class FilingRefused(Conflict):
    code = "filing_refused"


class OfficeMissing(LicensingError):
    """The installation does not say who the office is, so nothing can be issued in its name."""

    code, status = "office_missing", 503
