"""Names in free text: the whole text path (patterns, rules, tagger) against LAC's own package, on one core.

The package is measured twice, a sentence a call and in batches (the best of three sizes). Loading is
left out on both sides. One core: both are bound to one and timed by their own processor time. Two cores:
wall clock, so that row means something on a quiet machine only.
"""

from __future__ import annotations

import json
import os
import sys
import tarfile
import time
from pathlib import Path
from typing import Any

from measure import BUILD, Table, peer_python, timed
from sentences import sentences

SENTENCES = 6_000
SETS = {"named": (SENTENCES, 1.0, 6.0, 1.7), "half": (SENTENCES, 0.5, 10.0, 3.0)}
"""Sentences, share with a name, marks against one a call and against batches."""
TITLES = {"named": "every text with a name", "half": "half of the texts without"}


def lac_source() -> Path:
    """The folder of LAC's package, unpacked from its archive."""
    from anonymize.tagger import download, index, weights

    place = BUILD / "peers" / "lac-source"
    if not (place / "LAC-2.1.2" / "LAC" / "lac.py").exists():
        place.mkdir(parents=True, exist_ok=True)
        archive = download.download(index.configured(), place / weights.ARCHIVE)
        weights.verify(archive)
        with tarfile.open(archive) as content:
            content.extractall(place, filter="data")
    return place / "LAC-2.1.2"


def one_core(texts: dict[str, list[str]]) -> dict[str, Any]:
    """Characters a second of the text path and of the tagger alone, bound to one core."""
    os.environ["POLARS_MAX_THREADS"] = "1"
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    import polars as pl

    from anonymize.tagger import weights
    from anonymize.tagger.lac import LacTagger
    from anonymize.text import analyze

    begun = time.process_time()
    whole = LacTagger(weights.folder())
    load = time.process_time() - begun
    told: dict[str, Any] = {"load": load}
    for name, some in texts.items():
        series = pl.Series(some)
        analyze(series.head(500))
        told[name] = {
            "path": max(_rate(lambda s=series: analyze(s), some) for _ in range(3)),
            "whole": _rate(lambda s=some: whole.tag(s), some),
            "words": [
                [[text[w.start : w.end] for w in words], [w.tag for w in words]]
                for text, words in zip(some, whole.words(some), strict=True)
            ],
        }
    return told


def _rate(work: Any, texts: list[str]) -> float:
    begun = time.process_time()
    work()
    return sum(map(len, texts)) / (time.process_time() - begun)


def pool(texts: list[str], processes: int) -> float:
    """Seconds (wall clock) that ``processes`` taggers need on as many cores, their start left out."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-processes:])  # one alone would take both
    from anonymize.tagger import load_tagger

    tagger = load_tagger(processes)
    if tagger is None:
        raise RuntimeError("the weights are not there: anonymize tagger fetch")
    tagger.tag(texts)  # a process is started when there is something for it to do
    begun = time.perf_counter()
    tagger.tag(texts)
    seconds = time.perf_counter() - begun
    tagger.close()
    return seconds


def main() -> None:
    """Measure, print, and end with 1 when a mark is missed."""
    texts = {name: sentences(count, named, 7) for name, (count, named, _, _) in SETS.items()}
    BUILD.mkdir(exist_ok=True)
    given, answered = BUILD / "bench-sentences.json", BUILD / "bench-lac.json"
    given.write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
    peer = timed([peer_python("lac"), "bench/peers/lac.py", lac_source(), given, answered]).value
    ours = timed(one_core, texts)
    answers = json.loads(answered.read_text(encoding="utf-8"))
    table = Table("Names in free text, characters a second")
    for name, (_, _, mark_alone, mark_batch) in SETS.items():
        path, title = ours.value[name]["path"], TITLES[name]
        alone, batch = peer[name]["single"], peer[name]["batch"]
        whole = ours.value[name]["whole"]
        found = zip(ours.value[name]["words"], answers[name], strict=True)
        differing = sum(mine != theirs for mine, theirs in found)
        table.row(f"{title}: text path / LAC a sentence a call", path, alone, path / alone, mark_alone)
        table.row(f"{title}: text path / LAC in batches", path, batch, path / batch, mark_batch)
        table.row(f"{title}: tagger on whole texts / LAC in batches", whole, batch, whole / batch)
        table.row(
            f"{title}: texts with other words or tags than LAC's", differing, 0, differing, 0, at_most=True
        )
    many = sentences(4 * SETS["named"][0], SETS["named"][1], 8)
    one, two = (min(timed(pool, many, n).value for _ in range(2)) for n in (1, 2))
    chars = sum(map(len, many))
    table.row("two processes / one", chars / two, chars / one, one / two, 1.8)
    table.row("load, seconds of processor", ours.value["load"], "", ours.value["load"], 2.0, at_most=True)
    table.row("memory, MB", ours.peak_mb, "", ours.peak_mb, 700, at_most=True)
    table.finish()


if __name__ == "__main__":
    sys.exit(main())
