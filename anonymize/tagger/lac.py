"""A tagger with the weights of LAC 2.1.2 (Jiao, Sun, Sun 2018, arXiv:1807.01882), without its package.

Words and tags are those that the package itself finds; ``tests/unit/anonymize/tagger/gold.jsonl`` keeps what
it found, and ``bench/bench_tagger.py`` runs it beside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from anonymize.tagger import weights
from anonymize.tagger.crf import Chain
from anonymize.tagger.network import Network
from anonymize.tagger.packing import Integers, Pack, pack
from anonymize.tagger.protocol import Span, Tagger
from anonymize.tagger.segment import Read, Segmenter
from anonymize.tagger.vocabulary import NAMES, Vocabulary

Flags: TypeAlias = npt.NDArray[np.bool_]
Found: TypeAlias = tuple[int, int, int]
"""First character, the one after the last, label."""

NAME = "lac-2.1.2"
ROWS = 256
"""Sequences of one batch: enough to fill the vectors, few enough for the cache."""
UNITS = 16_384
"""Units of one batch, which bounds the working memory (26 MB of rows) when texts are long."""
CHUNK = 4_096
"""Texts that are sorted by length together."""


class Word(NamedTuple):
    """Characters ``start`` up to, and without, ``end``; ``tag`` is the part of speech in LAC's letters."""

    start: int
    end: int
    tag: str


class LacTagger:
    """Finds names of persons, places, organisations and times; one caller at a time.

    Not for use by several threads at once: the network keeps its working memory.
    """

    name = NAME

    def __init__(self, folder: Path) -> None:
        """Load the weights of ``folder`` (``conf`` and ``model`` below it)."""
        vocabulary = Vocabulary(folder / "conf")
        self._segmenter = Segmenter(folder / "conf" / "small_seg.dic", vocabulary)
        self._network = Network(folder / "model")
        self._chain = Chain.read(folder / "model" / "crfw")
        labels = range(self._network.labels)
        self._begins = np.array([vocabulary.begins_word(label) for label in labels])
        self._tags = [vocabulary.part_of_speech(label) for label in labels]
        self._named = np.array([tag in NAMES for tag in self._tags])
        # A second thread in the BLAS would fight with the other processes for blocks of this size.
        self._threads = ThreadpoolController()

    def tag(self, texts: Sequence[str]) -> list[list[Span]]:
        """Names in every text; see `protocol.Tagger.tag`."""
        return [
            [Span(start, end, NAMES[self._tags[label]]) for start, end, label in found]
            for found in self._run(texts, self._named)
        ]

    def words(self, texts: Sequence[str]) -> list[list[Word]]:
        """All words of every text with their tags; the length and order of ``texts``."""
        every = np.ones(len(self._named), dtype=bool)
        return [
            [Word(start, end, self._tags[label]) for start, end, label in found]
            for found in self._run(texts, every)
        ]

    def close(self) -> None:
        """Nothing is kept running."""

    def _run(self, texts: Sequence[str], wanted: Flags) -> list[list[Found]]:
        """Words whose label is ``wanted`` (labels,), for every text."""
        known: dict[str, list[Found]] = {"": []}
        waiting = [text for text in dict.fromkeys(texts) if text]
        with self._threads.limit(limits=1, user_api="blas"):
            for first in range(0, len(waiting), CHUNK):
                part = waiting[first : first + CHUNK]
                known.update(zip(part, self._read(part, wanted), strict=True))
        return [known[text] for text in texts]

    def _read(self, texts: Sequence[str], wanted: Flags) -> list[list[Found]]:
        """The same for texts that are all different, none of them empty."""
        read = self._segmenter.read(self._segmenter.cut(texts))
        found: list[list[Found]] = [[] for _ in texts]
        for chosen in batches(np.diff(read.bounds)):
            batch = pack(read.numbers, read.bounds, chosen)
            labels = self._chain.decode(self._network.scores(batch), batch)[batch.rows]
            self._group(labels, batch, read, wanted, found)
        return found

    def _group(
        self, labels: Integers, batch: Pack, read: Read, wanted: Flags, found: list[list[Found]]
    ) -> None:
        """Units with labels → words: one begins where a label says so, and its last unit names its tag."""
        firsts = np.cumsum(batch.lengths) - batch.lengths
        position = np.arange(len(labels)) - np.repeat(firsts, batch.lengths)
        characters = read.lengths[np.repeat(read.bounds[batch.order], batch.lengths) + position]
        ends = np.cumsum(characters)
        begins = self._begins[labels]
        begins[firsts] = True
        starts = np.flatnonzero(begins)
        lasts = np.append(starts[1:], len(labels)) - 1
        kept = wanted[labels[lasts]]
        starts, lasts = starts[kept], lasts[kept]
        sequence = np.searchsorted(firsts, starts, side="right") - 1
        base = (ends - characters)[firsts][sequence]
        for text, start, end, label in zip(
            batch.order[sequence].tolist(),
            ((ends - characters)[starts] - base).tolist(),
            (ends[lasts] - base).tolist(),
            labels[lasts].tolist(),
            strict=True,
        ):
            found[text].append((start, end, label))


def load(processes: int = 1) -> Tagger | None:
    """The tagger with the weights of the cache, or None when they are not there; see `tagger.load_tagger`."""
    return LacTagger(weights.folder()) if weights.is_whole() else None


def batches(lengths: Integers) -> Iterator[Integers]:
    """Indices of sequences, alike in length together: at most `ROWS`, and `UNITS` unless one alone is longer.
    """
    rising = np.argsort(lengths, kind="stable")
    sizes = lengths[rising].tolist()
    first = units = 0
    for place, size in enumerate(sizes):
        if place > first and (place - first == ROWS or units + size > UNITS):
            yield rising[first:place]
            first, units = place, 0
        units += size
    if sizes:
        yield rising[first:]
