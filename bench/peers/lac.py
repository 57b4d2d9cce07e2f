"""LAC's own package on one core: a sentence a call, and in batches. Runs in the peers' environment.

    lac.py <folder that holds LAC/> <sentences.json> <answers.json>

The package calls the predictor of ``paddle.fluid``, a name that paddlepaddle has dropped; in 2.6 the
same module is called ``paddle.base``. Nothing of the package itself is changed. The clock is the
processor time of this process, which is bound to one core: what other programs do meanwhile does not
count.
"""

import importlib
import json
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"
os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

paddle = importlib.import_module("paddle")
importlib.import_module("paddle.base")

sys.modules["paddle.fluid"] = paddle.fluid = paddle.base
sys.modules["paddle.fluid.core"] = paddle.base.core
sys.path.insert(0, sys.argv[1])
LAC = importlib.import_module("LAC").LAC

SINGLE = 6


def rate(work, sentences):
    """Characters a second of processor time."""
    begun = time.process_time()
    work()
    return sum(map(len, sentences)) / (time.process_time() - begun)


def batches(model, sentences, size):
    """Run all sentences; the package empties the list it is given, so it gets a copy."""
    found = []
    for first in range(0, len(sentences), size):
        found += model.run(sentences[first : first + size])
    return found


def main():
    """Measure every set of sentences."""
    model = LAC(mode="lac")
    with open(sys.argv[2], encoding="utf-8") as stream:
        sets = json.load(stream)
    told = {}
    answers = {}
    for name, sentences in sets.items():
        batches(model, sentences[:64], 64)
        some = sentences[: max(1, len(sentences) // SINGLE)]
        told[name] = {
            "single": rate(lambda some=some: [model.run(text) for text in some], some),
            "batch": max(
                rate(lambda s=sentences, n=size: batches(model, s, n), sentences) for size in (64, 128, 256)
            ),
        }
        answers[name] = batches(model, sentences, 128)
    with open(sys.argv[3], "w", encoding="utf-8") as stream:
        json.dump(answers, stream, ensure_ascii=False)
    print(json.dumps(told))


main()
