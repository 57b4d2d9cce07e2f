"""Several processes: the same answer; a process that dies is no answer."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from anonymize.tagger import load_tagger
from anonymize.tagger.errors import TaggerStopped
from anonymize.tagger.pool import PART, TEXTS, TaggerPool, _parts
from anonymize.tagger.protocol import Tagger
from bench.sentences import sentences

pytestmark = pytest.mark.slow

SENTENCES = sentences(900, 0.7, 41)


@pytest.fixture
def pool(gated: Tagger) -> Iterator[Tagger]:
    tagger = load_tagger(processes=2)
    assert isinstance(tagger, TaggerPool)
    yield tagger
    tagger.close()


def test_two_processes_answer_as_one(pool: Tagger, gated: Tagger) -> None:
    texts = ["", *SENTENCES, SENTENCES[3]]
    assert pool.tag(texts) == gated.tag(texts)
    assert pool.name == gated.name
    assert pool.tag([]) == []


def test_a_process_that_dies_leaves_no_half_answer(pool: Tagger) -> None:
    pool.tag(SENTENCES[:2])
    for process in pool._pool._processes:  # type: ignore[attr-defined]
        os.kill(process, signal.SIGKILL)
    with pytest.raises(TaggerStopped) as stopped:
        pool.tag(SENTENCES)
    assert not any(sentence[:8] in stopped.value.zh + stopped.value.en for sentence in SENTENCES)


@pytest.mark.parametrize("processes", [1, 2, 8])
def test_parts_keep_order_and_bounds_and_end_small_for_several(processes: int) -> None:
    texts = ["短"] * 5_000 + ["长" * 30_000] + ["中等长度的句子" * 10] * 3_000
    parts = _parts(texts, processes)
    assert [text for part in parts for text in part] == texts
    assert all(len(part) <= TEXTS for part in parts)
    assert all(sum(map(len, part)) < PART + 30_000 for part in parts)
    last = sum(map(len, parts[-2]))
    assert last > PART / 2 if processes == 1 else last < PART / 4
    assert _parts([], processes) == []
