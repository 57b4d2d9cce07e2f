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
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.factories.licensing_http import ROOT, HttpWorld
from tests.factories.licensing_world import PEOPLE

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


def fuzz(
    http: HttpWorld,
    known: Mapping[str, Sequence[str]],
    *,
    examples: int,
    number: int = 0,
    faults: list[tuple[str, BaseException]] | None = None,
) -> dict[str, Counter[int]]:
    """Send ``examples`` requests of either mode to each operation; how often each status came, by operation.

    ``known`` has ids and query values that exist, by the name of the parameter. Raises when an answer is a
    fault of ours, or is not what the description says; given ``faults``, notes it there and goes on with the
    next operation.
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
            try:
                _run(http, operation.as_strategy(generation_mode=mode), known, counts, examples, number)
            except (Exception, FailureGroup) as fault:
                if faults is None:
                    raise
                faults.append((name, fault))
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
        content = case.body if isinstance(case.body, dict) else {}
        for place in (case.path_parameters, case.query, content):
            for name in sorted(set(known) & set(place or {})):
                if dice.random() < 0.8:
                    place[name] = dice.choice(known[name])
        headers = {"Authorization": f"Bearer {http.tokens[who]}"} if who else {}
        if case.headers and "If-Match" in case.headers and dice.random() < 0.8:
            headers["If-Match"] = "*"
        response = case.call(headers=headers)
        counts[response.status_code] += 1
        case.validate_response(response, checks=CHECKS, headers=headers)

    one()
