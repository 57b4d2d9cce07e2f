"""The weights, fetched once; ``make test`` does so before, so that this costs a second."""

from __future__ import annotations

from pathlib import Path

import pytest

from anonymize.tagger import fetch_weights, load_tagger
from anonymize.tagger.lac import LacTagger
from anonymize.tagger.protocol import Tagger


@pytest.fixture(scope="session")
def weights_folder() -> Path:
    """Where the weights lie."""
    return fetch_weights()


@pytest.fixture(scope="session")
def whole(weights_folder: Path) -> LacTagger:
    """The tagger that reads texts as a whole, as LAC does."""
    return LacTagger(weights_folder)


@pytest.fixture(scope="session")
def gated(weights_folder: Path) -> Tagger:
    """The tagger that everybody gets."""
    tagger = load_tagger()
    assert tagger is not None
    return tagger
