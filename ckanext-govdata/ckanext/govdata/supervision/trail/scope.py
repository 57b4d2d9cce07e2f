"""What belongs to a dataset or to a case: ids of subjects, as questions that the databases answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.model import (
    CatalogueChange,
    Complaint,
    Demand,
    EntryVersion,
    Rectification,
    Release,
)
from licensing.agreements.models import Agreement
from licensing.applications.models import Case, CaseItem, Consent
from licensing.corrections.models import Correction
from licensing.filings.models import Filing, Objection
from licensing.grants.models import Grant
from licensing.products.models import Product, ProductSource
from licensing.signatures.models import Document
from licensing.usage.models import UsageAlarm, UsageReport

DATASET, CASE = "dataset", "case"
KINDS: Final = (DATASET, CASE)


@dataclass(frozen=True, slots=True)
class Scope:
    """One dataset or one case.

    ``portal`` and ``library`` select the ids of its subjects in the portal's and in the library's database,
    ``agreements`` those of its agreements; ``dataset`` is the id of the entry, None for a case.
    """

    kind: str
    id: str
    title: str
    state: str
    dataset: str | None
    portal: Any
    library: Any
    agreements: Any


def of_dataset(package: model.Package) -> Scope:
    """Everything that happened to an entry, its releases and all who had to do with them."""
    here = package.id
    cases = sa.select(CaseItem.case_id).where(CaseItem.dataset_id == here)
    products = sa.select(ProductSource.product_id).where(ProductSource.dataset_id == here)
    corrections = sa.select(Correction.id).where(Correction.dataset_id == here)
    portal = sa.union(
        sa.select(Release.id).where(Release.dataset_id == here),
        sa.select(EntryVersion.change_id).where(EntryVersion.dataset_id == here),
        sa.select(Demand.id).where(Demand.dataset_id == here),
        sa.select(Complaint.id).where(Complaint.dataset_id == here),
    )
    agreements = _agreements(cases)
    return Scope(
        DATASET, here, package.title or package.name, package.state, here, portal,
        sa.union(*_following(cases, agreements), products, corrections), agreements,
    )  # fmt: skip


def of_case(session: Any, library: Any, case_id: str) -> Scope | None:
    """A case of the library or of the portal, by its id, with what followed from it; None: there is none."""
    found = library.get(Case, case_id)
    if found is not None:
        cases = sa.select(Case.id).where(Case.id == case_id)
        agreements = _agreements(cases)
        return Scope(
            CASE, case_id, found.kind, found.status, None, _none(), sa.union(*_following(cases, agreements)),
            agreements,
        )  # fmt: skip
    for kind, entity in _OF_THE_PORTAL.items():
        one = session.get(entity, case_id)
        if one is not None:
            portal = sa.select(sa.literal(case_id).label("id"))
            if kind == "complaint" and one.release_id:
                portal = sa.union(portal, sa.select(Release.id).where(Release.id == one.release_id))
            return Scope(CASE, case_id, kind, one.status, None, portal, _none(), _none())
    for kind, stored in _OF_THE_LIBRARY.items():
        row = library.get(stored, case_id)
        if row is not None:
            return Scope(
                CASE, case_id, kind, row.status, None, _none(), sa.select(sa.literal(case_id).label("id")),
                _none(),
            )  # fmt: skip
    return None


_OF_THE_PORTAL: Final[dict[str, Any]] = {
    "release": Release, "demand": Demand, "complaint": Complaint, "rectification": Rectification,
    "catalogue": CatalogueChange,
}  # fmt: skip
_OF_THE_LIBRARY: Final[dict[str, Any]] = {
    "correction": Correction, "agreement": Agreement, "filing": Filing, "grant": Grant, "product": Product,
}  # fmt: skip


def _none() -> Any:
    return sa.select(sa.literal("").label("id")).where(sa.false())


def _agreements(cases: Any) -> Any:
    return sa.select(Agreement.id).where(Agreement.case_id.in_(cases))


def _following(cases: Any, agreements: Any) -> tuple[Any, ...]:
    """Cases, disputes about them, consents, agreements, and everything under those."""
    filings = sa.select(Filing.id).where(Filing.agreement_id.in_(agreements))
    return (
        sa.select(Case.id).where(Case.id.in_(cases)),
        sa.select(Case.id).where(Case.about.in_(cases)),
        sa.select(Consent.id).where(Consent.case_id.in_(cases)),
        agreements,
        filings,
        sa.select(Document.id).where(
            sa.or_(Document.subject_id.in_(agreements), Document.subject_id.in_(filings))
        ),
        sa.select(Objection.id).where(Objection.filing_id.in_(filings)),
        sa.select(Grant.id).where(Grant.agreement_id.in_(agreements)),
        sa.select(UsageAlarm.id).where(UsageAlarm.agreement_id.in_(agreements)),
        sa.select(UsageReport.id).where(UsageReport.agreement_id.in_(agreements)),
        sa.select(Product.id).where(Product.agreement_id.in_(agreements)),
    )
