"""Schemathesis finds no fault of ours, and no answer that the description does not allow."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.ledger.models import LedgerEntry
from tests.factories.api_fuzz import fuzz
from tests.factories.licensing_http import HttpWorld
from tests.factories.signers import PROVIDER_SIDE

EXAMPLES = 12


def seeded(http: HttpWorld) -> dict[str, list[str]]:
    """Ids that exist, by the name of the parameter that takes them."""
    documents = [http.document(f"agreement-{number}", national=False) for number in range(3)]
    signer = http.signing.signer(PROVIDER_SIDE)
    request = http.call(
        "POST", f"/documents/{documents[0]}/signature-requests", "u-provider",
        {"chain": signer.chain.decode()}, headers={"If-Match": "*"},
    ).get_json()["id"]  # fmt: skip
    http.chain_pending()
    with Session(http.engine) as session:
        commitments = list(session.scalars(select(LedgerEntry.commitment)))
    return {
        "document_id": documents,
        "subject_id": [*documents, "agreement-0"],
        "request_id": [request],
        "commitment": commitments,
        "kind": ["document"],
        "earlier": ["3"],
        "later": ["3"],
    }


def test_no_request_makes_a_fault_or_an_answer_outside_the_description(http: HttpWorld) -> None:
    seen = fuzz(http, seeded(http), examples=EXAMPLES)
    reached = {name for name, counts in seen.items() if any(status < 300 for status in counts)}
    # Needs a true certificate or a true signature, which no description can give.
    assert set(seen) - reached <= {"requestSignature", "giveSignature", "verifyFile"}
    assert sum(counts[500] for counts in seen.values()) == 0
