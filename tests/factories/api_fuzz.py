"""Requests that Schemathesis makes from the interface's own description, with ids that exist mixed in."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.ledger.models import LedgerEntry
from tests.factories.licensing_http import ROOT, HttpWorld
from tests.factories.licensing_world import PEOPLE
from tests.factories.signers import PROVIDER_SIDE

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


schemathesis.openapi.media_type("application/pdf", st.binary(max_size=200))


@schemathesis.serializer("application/pdf")
def _pdf(_ctx: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def seeded(http: HttpWorld) -> dict[str, list[str]]:
    """Ids that exist, by the name of the parameter that takes them."""
    documents = [http.document(f"agreement-{number}", national=False) for number in range(3)]
    signer = http.signing.signer(PROVIDER_SIDE)
    request = http.call(
        "POST", f"/documents/{documents[0]}/signature-requests", "u-provider",
        {"chain": signer.chain.decode()}, headers={"If-Match": "*"},
    ).get_json()["id"]  # fmt: skip
    draft = {
        "items": [{"dataset": "parking", "fields": ["place"]}],
        "purpose": "停车诱导",
        "grounds": "履行职责",
    }
    case = {"kind": "sharing", "applicant_kind": "department", "applicant_id": "d-health", "draft": draft}
    cases = [http.call("POST", "/cases", "u-applicant", case).get_json()["id"] for _ in range(3)]
    report = {
        "reporter_kind": "partner", "reporter_id": "p-river", "dataset_id": "parking", "place": "第三列",
        "description": "泊位数与现场不符",
    }  # fmt: skip
    reports = [http.call("POST", "/corrections", "u-partner", report).get_json()["id"] for _ in range(3)]
    http.chain_pending()
    with Session(http.engine) as session:
        commitments = list(session.scalars(select(LedgerEntry.commitment)))
    return {
        "document_id": documents,
        "subject_id": [*documents, "agreement-0"],
        "request_id": [request],
        "case_id": cases,
        "correction_id": reports,
        "commitment": commitments,
        "kind": ["document"],
        "earlier": ["3"],
        "later": ["3"],
    }


def fuzz(
    http: HttpWorld, known: Mapping[str, Sequence[str]], *, examples: int, number: int = 0
) -> dict[str, Counter[int]]:
    """Send ``examples`` requests of either mode to each operation; how often each status came, by operation.

    ``known`` has ids and query values that exist, by the name of the parameter. Raises when an answer is a
    fault of ours, or is not what the description says.
    """
    schema = schemathesis.openapi.from_wsgi(f"{ROOT}/openapi.json", http.app)
    seen: dict[str, Counter[int]] = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        name = operation.definition.raw["operationId"]
        counts = seen.setdefault(name, Counter())
        content = operation.definition.raw.get("requestBody", {}).get("content", {})
        takes = operation.definition.raw["parameters"] or "application/json" in content
        # Nothing can be wrong in a request that brings nothing, or any bytes.
        modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE) if takes else (GenerationMode.POSITIVE,)
        for mode in modes:
            _run(http, operation.as_strategy(generation_mode=mode), known, counts, examples, number)
    return seen


def _run(
    http: HttpWorld,
    strategy: Any,
    known: Mapping[str, Sequence[str]],
    counts: Counter[int],
    examples: int,
    number: int,
) -> None:
    people = st.sampled_from(["", *PEOPLE])

    @seed(number)
    @settings(
        max_examples=examples, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(strategy, people, st.randoms(use_true_random=False))
    def one(case: Any, who: str, dice: random.Random) -> None:
        for place in (case.path_parameters, case.query):
            for name in set(known) & set(place or {}):
                if dice.random() < 0.8:
                    place[name] = dice.choice(known[name])
        headers = {"Authorization": f"Bearer {http.tokens[who]}"} if who else {}
        if case.headers and "If-Match" in case.headers and dice.random() < 0.8:
            headers["If-Match"] = "*"
        response = case.call(headers=headers)
        counts[response.status_code] += 1
        case.validate_response(response, checks=CHECKS, headers=headers)

    one()
