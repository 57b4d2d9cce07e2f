"""The anonymity peers on one file: pycanon's k, l and t, and anjana's way to k-anonymity.

Run by ``bench/bench_risk.py`` in an environment of its own. Both get the table as their documentation has it,
a pandas frame in memory, and anjana its hierarchies as arrays over the different values, the shortest form
that it takes. The last line printed is a JSON object.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd


def clocked(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    value = work()
    return time.perf_counter() - begun, value


def measures(path: str, quasi: list[str]) -> dict[str, Any]:
    from pycanon import anonymity

    frame = pd.read_csv(path, dtype=str)
    frame["金额"] = frame["金额"].astype(int)
    work = {
        "k": lambda: anonymity.k_anonymity(frame, quasi),
        "l": lambda: anonymity.l_diversity(frame, quasi, ["病种"]),
        "t (words)": lambda: anonymity.t_closeness(frame, quasi, ["病种"]),
        "t (numbers)": lambda: anonymity.t_closeness(frame, quasi, ["金额"]),
    }
    made = {name: clocked(call) for name, call in work.items()}
    return {name: {"seconds": seconds, "value": float(value)} for name, (seconds, value) in made.items()}


def generalise(path: str, quasi: list[str], k: int) -> dict[str, Any]:
    from anjana.anonymity import k_anonymity
    from anjana.anonymity.utils import utils

    frame = pd.read_csv(path, dtype=str)
    ladders = json.loads(sys.stdin.read())
    hierarchies = {
        name: {level: np.array(values, dtype=object) for level, values in enumerate(levels)}
        for name, levels in ladders.items()
    }
    with contextlib.redirect_stdout(sys.stderr):
        seconds, made = clocked(lambda: k_anonymity(frame, [], quasi, k, 0, hierarchies))
    sizes = made.groupby(quasi).size()
    return {
        "seconds": seconds,
        "levels": [int(level) for level in utils.get_transformation(made, quasi, hierarchies)],
        "k": int(sizes.min()),
        "classes": len(sizes),
        "discernibility": int((sizes.to_numpy().astype(np.int64) ** 2).sum()),
    }


def main() -> None:
    what, path, quasi = sys.argv[1], sys.argv[2], sys.argv[3].split(",")
    told = measures(path, quasi) if what == "measures" else generalise(path, quasi, int(sys.argv[4]))
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()
