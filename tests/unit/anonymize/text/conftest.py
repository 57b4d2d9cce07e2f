"""The tagger of this installation; ``make test`` fetches its weights before the first test."""

from __future__ import annotations

import pytest

from anonymize.tagger import Tagger
from anonymize.text import default_tagger


@pytest.fixture(scope="session")
def tagger() -> Tagger:
    engine = default_tagger()
    assert engine is not None, "the weights are missing: run `anonymize tagger fetch`"
    return engine
