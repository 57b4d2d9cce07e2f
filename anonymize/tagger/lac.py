"""A tagger with the weights of LAC 2.1.2 (Jiao, Sun, Sun 2018, arXiv:1807.01882), without its package.

Words and tags are those that the package itself finds; ``tests/unit/anonymize/tagger/gold.jsonl`` keeps what
it found, and ``bench/bench_tagger.py`` runs it beside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from threadpoolctl import ThreadpoolController

from anonymize.tagger import weights
from anonymize.tagger.crf import Chain
from anonymize.tagger.network import Network
from anonymize.tagger.packing import pack
from anonymize.tagger.protocol import Span, Tagger
from anonymize.tagger.segment import Segmenter
from anonymize.tagger.vocabulary import NAMES, Vocabulary

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
        self._vocabulary = Vocabulary(folder / "conf")
        self._segmenter = Segmenter(folder / "conf" / "small_seg.dic", self._vocabulary)
        self._network = Network(folder / "model")
        self._chain = Chain.read(folder / "model" / "crfw")
        labels = range(self._network.labels)
        self._begins = np.array([self._vocabulary.begins_word(label) for label in labels])
        self._tags = [self._vocabulary.part_of_speech(label) for label in labels]
        # A second thread in the BLAS would fight with the other processes for blocks of this size.
        self._threads = ThreadpoolController()

    def tag(self, texts: Sequence[str]) -> list[list[Span]]:
        """Names in every text; see `protocol.Tagger.tag`."""
        return [
            [Span(word.start, word.end, NAMES[word.tag]) for word in words if word.tag in NAMES]
            for words in self.words(texts)
        ]

    def words(self, texts: Sequence[str]) -> list[list[Word]]:
        """All words of every text with their tags; the length and order of ``texts``."""
        found: dict[str, list[Word]] = {"": []}
        waiting = [text for text in dict.fromkeys(texts) if text]
        with self._threads.limit(limits=1, user_api="blas"):
            for first in range(0, len(waiting), CHUNK):
                self._read(waiting[first : first + CHUNK], found)
        return [found[text] for text in texts]

    def close(self) -> None:
        """Nothing is kept running."""

    def _read(self, texts: Sequence[str], found: dict[str, list[Word]]) -> None:
        """Add the words of ``texts``, all different and none empty, to ``found``."""
        cut = [self._segmenter.numbers(text) for text in texts]
        for batch in _batches([len(numbers) for numbers, _ in cut]):
            packed = pack([cut[index][0] for index in batch])
            labels = self._chain.decode(self._network.scores(packed), packed)[packed.rows].tolist()
            first = 0
            for place in packed.order:
                index = batch[place]
                lengths = cut[index][1]
                found[texts[index]] = self._grouped(lengths, labels[first : first + len(lengths)])
                first += len(lengths)

    def _grouped(self, lengths: Sequence[int], labels: Sequence[int]) -> list[Word]:
        """Units with labels → words: one begins where a label says so, and its last unit names its tag."""
        words: list[Word] = []
        begun = end = 0
        tag = ""
        for length, label in zip(lengths, labels, strict=True):
            if end and self._begins[label]:
                words.append(Word(begun, end, tag))
                begun = end
            end += length
            tag = self._tags[label]
        words.append(Word(begun, end, tag))
        return words


def load(processes: int = 1) -> Tagger | None:
    """The tagger with the weights of the cache, or None when they are not there; see `tagger.load_tagger`."""
    return LacTagger(weights.folder()) if weights.is_whole() else None


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Indices of sequences, alike in length together, at most `ROWS` and, unless one alone is longer,
    `UNITS`.
    """
    batch: list[int] = []
    units = 0
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) == ROWS or units + lengths[index] > UNITS):
            yield batch
            batch, units = [], 0
        batch.append(index)
        units += lengths[index]
    if batch:
        yield batch
