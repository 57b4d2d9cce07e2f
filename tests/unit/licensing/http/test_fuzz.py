"""Schemathesis finds no fault of ours, and no answer that the description does not allow."""

from __future__ import annotations

import pytest

from licensing.web import all_routes
from tests.factories.api_fuzz import fuzz
from tests.factories.api_seeds import seeded
from tests.factories.licensing_http import HttpWorld

pytestmark = pytest.mark.slow

EXAMPLES = 3


def test_no_request_makes_a_fault_or_an_answer_outside_the_description(http: HttpWorld) -> None:
    seen = fuzz(http, seeded(http), examples=EXAMPLES)
    # Schemathesis leaves out the description itself.
    assert set(seen) == {route.name for route in all_routes()} - {"getOpenapi"}
    assert sum(counts[500] for counts in seen.values()) == 0
    reached = {name for name, counts in seen.items() if any(status < 300 for status in counts)}
    assert {"getRules", "getVocabulary", "listRegister"} <= reached
