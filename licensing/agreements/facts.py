"""What a decided case says, as far as an agreement is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from licensing.agreements.parties import Party
from licensing.ports import DatasetInfo


class Granted(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The bounds that the decision sets; ``datasets`` has the granted fields by dataset."""

    purpose: str
    system: str
    mode: Literal["api", "exchange", "query", "batch", "offline"]
    years: int
    sensitive: tuple[Literal["personal", "commercial"], ...]
    datasets: dict[str, tuple[str, ...]]

    def as_dict(self) -> dict[str, Any]:
        data: dict[str, Any] = msgspec.to_builtins(self)
        return data


@dataclass(frozen=True, slots=True)
class GrantedDataset:
    """A dataset that the provider granted, with the names of the fields granted of it.

    ``consent`` refers to the original provider's agreement where the data were shared in (JS-17, HB-14).
    """

    info: DatasetInfo
    fields: tuple[str, ...]
    consent: str = ""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """The decision of a case: nothing in its agreement may go beyond it (HB-24, SX-18).

    ``mode`` is one of ``api exchange query batch offline``; ``years`` the longest term that was granted, 1 to
    5; ``sensitive`` says which protected data are among those granted (JS-19); ``secret`` that something is
    marked as a state secret: no agreement is made of such a case (SX-2).
    """

    case_id: str
    provider: Party
    applicant: Party
    datasets: tuple[GrantedDataset, ...]
    purpose: str
    system: str
    mode: Literal["api", "exchange", "query", "batch", "offline"]
    years: int = 1
    environment: str = "政务外网或者平台指定的安全环境"
    activities: str = ""
    products: tuple[str, ...] = ()
    sensitive: tuple[Literal["personal", "commercial"], ...] = ()
    secret: bool = False
    dispute_body: str = ""

    def granted(self) -> Granted:
        """What every version is measured by."""
        return Granted(
            purpose=self.purpose,
            system=self.system,
            mode=self.mode,
            years=self.years,
            sensitive=self.sensitive,
            datasets={each.info.id: each.fields for each in self.datasets},
        )

    @property
    def between_departments(self) -> bool:
        return self.applicant.kind == "department"
