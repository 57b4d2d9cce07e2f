"""k, l and t against pycanon, and the way to k = 100 against anjana, on one file of 100,000 rows.

Both sides start from a frame of text cells in memory; anjana and the lattice search get the same ladders.
Equal results are part of the mark. Loss is the mean over rows and columns of the share of the column's
values that a cell can no longer be told from.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from measure import BUILD, Table, note, peer_python, timed

ROWS = int(os.environ.get("BENCH_RISK_ROWS", "100000"))
K = 100
QUASI = ["出生日期", "性别", "住址", "职业"]
COARSE = ["出生年代", "性别", "住址", "职业"]
PEER = Path(__file__).resolve().parent / "peers" / "anonymity.py"
_TIMES = 9
_CITIES = {
    "湖北省武汉市": "洪山区 武昌区 江岸区 江汉区 硚口区 汉阳区 青山区 东西湖区 蔡甸区 江夏区 黄陂区 新洲区",
    "湖北省宜昌市": "西陵区 伍家岗区 夷陵区 枝江市 宜都市",
    "湖南省长沙市": "岳麓区 芙蓉区 天心区 望城区",
}
_WORK = ["务农", "工人", "教师", "医生", "护士", "司机", "个体", "公务员", "退休", "学生", "无业", "其他"]
_ILL = ["高血压", "糖尿病", "无", "残疾", "重病", "慢性病", "精神疾病", "癌症"]


def table() -> Path:
    """The file: days of birth over seventy years, places, occupations, an illness, an amount."""
    path = BUILD / "tables" / f"risk-{ROWS}.csv"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(6)
    days = np.clip(rng.normal(14_000, 6_000, ROWS), 0, 25_000).astype("timedelta64[D]")
    born = pl.Series(np.datetime64("1940-01-01") + days).cast(pl.Date).dt.strftime("%Y-%m-%d")
    places = pl.Series([city + county for city, counties in _CITIES.items() for county in counties.split()])

    def pick(words: pl.Series | list[str]) -> pl.Series:
        return pl.Series(words).gather(rng.integers(0, len(words), ROWS))

    pl.DataFrame(
        {
            "出生日期": born,
            "出生年代": born.str.slice(0, 3) + "0年代",
            "性别": pick(["男", "女"]),
            "住址": pick(places),
            "职业": pick(_WORK),
            "病种": pick(_ILL),
            "金额": pl.Series(rng.integers(30, 90, ROWS) * 10).cast(pl.String),
        }
    ).write_csv(path)
    return path


def ladders(path: Path) -> dict[str, list[list[str]]]:
    """For each quasi-identifier its values, then what each becomes on every level, the last one ``***``."""
    frame = pl.read_csv(path, infer_schema=False)
    rules: dict[str, list[Callable[[str], str]]] = {
        "出生日期": [lambda d: d[:7], lambda d: d[:4], lambda d: f"{d[:3]}0年代"],
        "住址": [lambda a: a[:6], lambda a: a[:3]],
    }
    made = {}
    for name in QUASI:
        values = sorted(set(frame[name]))
        levels = [values, *([rule(v) for v in values] for rule in rules.get(name, []))]
        made[name] = [*levels, ["***"] * len(values)]
    return made


def _best(work: Callable[[], Any]) -> tuple[float, Any]:
    runs = []
    for _ in range(_TIMES):
        begun = time.perf_counter()
        value = work()
        runs.append((time.perf_counter() - begun, value))
    return min(runs, key=lambda run: run[0])


def our_measures(path: str) -> dict[str, tuple[float, float]]:
    """Seconds and value of each measure, in a process of its own."""
    from anonymize.risk.classes import Classes

    frame = pl.read_csv(path, infer_schema=False)
    return {
        "k": _best(lambda: float(Classes.of(frame, COARSE).k)),
        "l": _best(lambda: float(Classes.of(frame, COARSE).l_of("病种"))),
        "t (words)": _best(lambda: Classes.of(frame, COARSE).t_of("病种")),
        "t (numbers)": _best(lambda: Classes.of(frame, COARSE).t_of("金额")),
    }


def our_search(path: str, levels: dict[str, list[list[str]]], method: str) -> dict[str, Any]:
    """Seconds, k, loss and discernibility of one method."""
    from anonymize.risk import Bounds, reach

    frame = pl.read_csv(path, infer_schema=False)
    tables = {
        name: pl.DataFrame({str(place): rung for place, rung in enumerate(rungs[:-1])})
        for name, rungs in levels.items()
    }
    ready = tables if method == "lattice" else None
    method = "lattice" if method == "lattice, own ladders" else method
    seconds, made = _best(lambda: reach(frame, QUASI, Bounds(K), hierarchies=ready, method=method))  # type: ignore[arg-type]
    shown = made.frame.group_by(QUASI).len()["len"]
    if shown.min() < K:
        raise SystemExit(f"{method}: k is {shown.min()}")
    return {"seconds": seconds, "k": made.k, "loss": made.utility.loss, "dm": made.utility.discernibility,
            "levels": dict(made.levels)}  # fmt: skip


def loss_of(path: Path, levels: dict[str, list[list[str]]], chosen: list[int]) -> float:
    """The loss of a choice of levels, by the definition."""
    frame = pl.read_csv(path, infer_schema=False)
    total = 0.0
    for name, level in zip(QUASI, chosen, strict=True):
        rungs = levels[name]
        leaves = pl.Series(rungs[level]).value_counts()
        of = dict(zip(leaves.to_series(0), leaves["count"], strict=True))
        cost = {v: (of[c] - 1) / (len(rungs[0]) - 1) for v, c in zip(rungs[0], rungs[level], strict=True)}
        total += float(frame[name].replace_strict(cost, return_dtype=pl.Float64).mean())  # type: ignore[arg-type]
    return total / len(QUASI)


def main() -> None:
    path = table()
    levels = ladders(path)
    python = peer_python("anonymity")
    marks = {"k": 8.0, "l": 50.0, "t (words)": 200.0, "t (numbers)": 200.0}

    told = timed([python, PEER], "measures", str(path), ",".join(COARSE)).value
    ours = timed(our_measures, str(path)).value
    figures = Table(f"k, l and t of {ROWS:,} rows, seconds (pycanon)")
    for name, mark in marks.items():
        (seconds, value), peer = ours[name], told[name]
        if abs(value - peer["value"]) > 1e-9:
            raise SystemExit(f"{name}: {value} is not pycanon's {peer['value']}")
        figures.row(f"{name} = {value:.4g}", seconds, peer["seconds"], peer["seconds"] / seconds, mark)

    words = [str(python), str(PEER), "generalise", str(path), ",".join(QUASI), str(K)]
    done = subprocess.run(
        words, input=json.dumps(levels), capture_output=True, text=True, check=True, encoding="utf-8"
    )
    peer = json.loads(done.stdout.strip().splitlines()[-1])
    peer_loss = loss_of(path, levels, peer["levels"])
    search = Table(f"From {ROWS:,} rows to k = {K} on 4 quasi-identifiers, seconds (anjana)")
    for method, mark in (
        ("lattice", 2000.0), ("lattice, own ladders", None), ("mondrian", None), ("mondrian-relaxed", None)
    ):  # fmt: skip
        made = timed(our_search, str(path), levels, method).value
        search.row(method, made["seconds"], peer["seconds"], peer["seconds"] / made["seconds"], mark)
        ceiling = 1.0 if method.startswith("lattice") else None
        search.row(
            f"{method}: loss", made["loss"], peer_loss, made["loss"] / peer_loss, ceiling, at_most=True
        )
        search.row(f"{method}: discernibility", made["dm"], peer["discernibility"],
                   made["dm"] / peer["discernibility"])  # fmt: skip
    for made_table in (figures, search):
        print(made_table, flush=True)
        note(made_table)
    if not all(row.holds for made_table in (figures, search) for row in made_table.rows):
        sys.exit(1)


if __name__ == "__main__":
    main()
