"""The package (报送材料): one canonical JSON manifest that names everything by its digest.

The same submission gives the same bytes; a natural person's name is not among them.
"""

from __future__ import annotations

import hashlib
from typing import Any

from licensing.core.ledger.entry import canonical
from licensing.filings.facts import Submission, plain
from licensing.ports import Catalogue

SCHEMA = "govdata.filing/1"


def build(
    submission: Submission,
    catalogue: Catalogue,
    *,
    jurisdiction: str,
    matter: str,
    kind: str,
    follows: str | None,
) -> dict[str, Any]:
    """The manifest as plain data; ``canonical`` makes its bytes."""
    agreement = submission.agreement
    return {
        "schema": SCHEMA,
        "jurisdiction": jurisdiction,
        "matter": matter,
        "kind": kind,
        "follows": follows,
        "plan": {
            "text": submission.plan,
            "sha256": hashlib.sha256(submission.plan.encode()).hexdigest(),
        },
        "agreement": {
            "id": agreement.id,
            "number": agreement.number,
            "document": agreement.document_id,
            "case": agreement.case_id,
            "purpose": agreement.purpose,
            "system": agreement.system,
            "begins": agreement.begins.isoformat(),
            "ends": agreement.ends.isoformat(),
        },
        "parties": [each.as_filed() for each in agreement.parties],
        "data": [_dataset(each.id, each.fields, catalogue) for each in agreement.datasets],
        "consents": [plain(each) for each in submission.consents],
        "attachments": sorted(
            (plain(each) for each in submission.attachments), key=lambda each: (each["kind"], each["sha256"])
        ),
    }


def digest(manifest: dict[str, Any]) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(manifest)).hexdigest()


def _dataset(dataset_id: str, fields: tuple[str, ...], catalogue: Catalogue) -> dict[str, Any]:
    info = catalogue.dataset(dataset_id)
    levels = {field.name: field.level for field in info.fields} if info else {}
    return {
        "id": dataset_id,
        "title": info.title if info else "",
        "provider": info.provider if info else "",
        "original_provider": info.original_provider if info else None,
        "fields": [{"name": name, "level": levels.get(name, "")} for name in fields],
    }
