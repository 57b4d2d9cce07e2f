"""Names of persons, places and organisations in Chinese text.

The door to a tagger is `load_tagger`; whoever uses one knows `Tagger` and `Span` and nothing of the
network behind them. Weights are no part of this package: `fetch_weights` brings them (docs/adr/0009).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from anonymize.tagger.protocol import Span, Tagger

__all__ = ["Span", "Tagger", "fetch_weights", "load_tagger"]


def load_tagger(processes: int = 1, lean: float = 0.0) -> Tagger | None:
    """The tagger of this installation, or None when its extra or its weights are not there.

    Never downloads: a caller that gets None redacts free text whole. ``processes`` greater than 1 shares the
    work among that many processes; close such a tagger (``close()``) when it is done. With a ``lean`` above 0
    every text is read twice, the second time with so much added to the score of a person; what only that
    reading takes for a person is labelled `protocol.MAYBE`. With 0 the spans are LAC's own.
    """
    try:
        from anonymize.tagger.lac import load
    except ModuleNotFoundError:  # the extra is not installed
        return None
    return load(processes, lean)


def fetch_weights(progress: Callable[[str, int, int], None] | None = None) -> Path:
    """Bring the weights into the user's cache folder and return where they lie; see `weights.fetch`."""
    from anonymize.tagger import weights

    return weights.fetch(progress)
