"""A tagger with the weights of LAC 2.1.2 (Jiao, Sun, Sun 2018, arXiv:1807.01882), without its package.

Words and tags are those that the package itself finds; ``tests/unit/anonymize/tagger/gold.jsonl`` keeps what
it found, and ``bench/bench_tagger.py`` runs it beside.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt
from threadpoolctl import ThreadpoolController

from anonymize.tagger import cache, nameable
from anonymize.tagger.crf import Chain
from anonymize.tagger.gate import Gate
from anonymize.tagger.network import Network
from anonymize.tagger.packing import Integers, Pack, pack
from anonymize.tagger.pool import TaggerPool
from anonymize.tagger.protocol import MAYBE, PERSON, Span, Tagger
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

SUSPECT = -1
"""Stands for a label where only the leaning reading found a person."""


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

    def __init__(self, folder: Path, names: Collection[str] | None = None, lean: float = 0.0) -> None:
        """Load the weights of ``folder`` (``conf`` and ``model`` below it).

        ``names``, words that may be names (`nameable.read`), open the gate: only clauses in which a person
        may stand are read, each by itself. Without them every text is read as a whole, as LAC itself does.
        ``lean``: see `tagger.load_tagger`.
        """
        vocabulary = Vocabulary(folder / "conf")
        self._segmenter = Segmenter(folder / "conf" / "small_seg.dic", vocabulary)
        self._gate = None if names is None else self._opened(names, vocabulary)
        self._network = Network(folder / "model")
        self._chain = Chain.read(folder / "model" / "crfw")
        labels = range(self._network.labels)
        self._begins = np.array([vocabulary.begins_word(label) for label in labels])
        self._tags = [vocabulary.part_of_speech(label) for label in labels]
        self._named = np.array([tag in NAMES for tag in self._tags])
        self._persons = np.array([NAMES.get(tag) == PERSON for tag in self._tags])
        self._lean = (lean * self._persons).astype(np.float32) if lean else None
        # A second thread in the BLAS would fight with the other processes for blocks of this size.
        self._threads = ThreadpoolController()

    def _opened(self, names: Collection[str], vocabulary: Vocabulary) -> Gate:
        return Gate(self._segmenter.words, self._segmenter.counts, names, vocabulary.plain)

    @property
    def dictionary(self) -> Sequence[str]:
        """The words by which texts are cut."""
        return self._segmenter.words

    def tag(self, texts: Sequence[str]) -> list[list[Span]]:
        """Names in every text; see `protocol.Tagger.tag`."""
        return [
            [
                Span(start, end, MAYBE if label == SUSPECT else NAMES[self._tags[label]])
                for start, end, label in found
            ]
            for found in self._run(texts, self._named)
        ]

    def words(self, texts: Sequence[str]) -> list[list[Word]]:
        """All words of every text (with a gate: of what passes it) with their tags, in the order of
        ``texts``.
        """
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
        units = self._segmenter.cut(texts)
        if self._gate is None:
            starts, ends = units.bounds[:-1], units.bounds[1:] - 1
        else:
            starts, ends = self._gate.clauses(units)
            units = units.within(starts, ends)
        read = self._segmenter.read(units)
        distinct: dict[str, int] = {}
        pieces = [
            distinct.setdefault(units.text[start:end], place)
            for place, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True))
        ]
        tagged = self._tagged(read, starts, ends, np.array(sorted(distinct.values()), dtype=np.int64), wanted)
        found: list[list[Found]] = [[] for _ in texts]
        of_text = np.searchsorted(units.bounds, starts, side="right") - 1
        offsets = starts - units.bounds[of_text]
        for piece, text, offset in zip(pieces, of_text.tolist(), offsets.tolist(), strict=True):
            for start, end, label in tagged.get(piece, ()):
                found[text].append((start + offset, end + offset, label))
        return found

    def _tagged(
        self, read: Read, starts: Integers, ends: Integers, chosen: Integers, wanted: Flags
    ) -> dict[int, list[Found]]:
        """Words of the pieces ``chosen``; piece i is the characters from ``starts[i]`` up to ``ends[i]``."""
        firsts = np.searchsorted(read.characters, starts)
        sizes = np.searchsorted(read.characters, ends) - firsts
        found: dict[int, list[Found]] = {}
        for sequences in batches(sizes[chosen]):
            batch = pack(read.numbers, firsts, sizes, chosen[sequences])
            scores = self._network.scores(batch)
            lengths = read.lengths[batch.places]
            labels = self._chain.decode(scores, batch)[batch.rows]
            self._group(labels, lengths, batch, wanted, found)
            if self._lean is not None and wanted is self._named:
                leaning = self._chain.decode(scores + self._lean, batch)[batch.rows]
                self._suspect(labels, leaning, lengths, batch, found)
        return found

    def _suspect(
        self,
        labels: Integers,
        leaning: Integers,
        lengths: Integers,
        batch: Pack,
        found: dict[int, list[Found]],
    ) -> None:
        """Add what only a reading that leans towards persons takes for one, with the label `SUSPECT`."""
        changed = np.logical_or.reduceat(leaning != labels, np.cumsum(batch.lengths) - batch.lengths)
        # most sequences are read as before and hold nothing new: no person is looked for in them
        leaning[~np.repeat(changed, batch.lengths)] = int(np.argmin(self._persons))
        again: dict[int, list[Found]] = {}
        self._group(leaning, lengths, batch, self._persons, again)
        for piece, spans in again.items():
            known = found.setdefault(piece, [])
            sure = [(start, end) for start, end, label in known if self._persons[label]]
            known += [
                (start, end, SUSPECT)
                for start, end, _ in spans
                if not any(start < b and a < end for a, b in sure)
            ]
            known.sort()

    def _group(
        self,
        labels: Integers,
        lengths: Integers,
        batch: Pack,
        wanted: Flags,
        found: dict[int, list[Found]],
    ) -> None:
        """Units with labels → words: one begins where a label says so, and its last unit names its tag."""
        firsts = np.cumsum(batch.lengths) - batch.lengths
        ends = np.cumsum(lengths)
        begins = self._begins[labels]
        begins[firsts] = True
        starts = np.flatnonzero(begins)
        lasts = np.append(starts[1:], len(labels)) - 1
        kept = wanted[labels[lasts]]
        starts, lasts = starts[kept], lasts[kept]
        sequence = np.searchsorted(firsts, starts, side="right") - 1
        base = (ends - lengths)[firsts][sequence]
        for piece, start, end, label in zip(
            batch.order[sequence].tolist(),
            ((ends - lengths)[starts] - base).tolist(),
            (ends[lasts] - base).tolist(),
            labels[lasts].tolist(),
            strict=True,
        ):
            found.setdefault(piece, []).append((start, end, label))


def load(processes: int = 1, lean: float = 0.0) -> Tagger | None:
    """The tagger with the weights of the cache, or None when they are not there; see `tagger.load_tagger`."""
    if not cache.is_whole():
        return None
    if processes > 1:
        return TaggerPool(NAME, partial(_gated, cache.folder(), lean), processes)
    return _gated(cache.folder(), lean)


def _gated(folder: Path, lean: float) -> LacTagger:
    """The tagger that reads only where a person may stand."""
    return LacTagger(folder, nameable.read(folder), lean)


def batches(lengths: Integers) -> Iterator[Integers]:
    """Indices of sequences, alike in length together: at most `ROWS`, and `UNITS` unless one alone is
    longer.
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
