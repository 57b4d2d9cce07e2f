"""Keyed pseudonyms: values a second, beside Faker seeded anew for every value.

    python bench/bench_pseudonym.py [--values 1000000]

Both give the same invented name for the same value under one key. Faker's way is the one that its users are
told: seed the generator with a digest of the value, then ask it for a name.
"""

from __future__ import annotations

import argparse
import hashlib
import secrets
import time
from random import Random

import polars as pl
from measure import Table, best

from anonymize.operators import OperatorContext, get_operator

REPEATED = 3
PEER_VALUES = 20_000
KINDS = ("person", "mobile", "code", "resident_id")


def values(kind: str, count: int) -> pl.Series:
    """Different cells of one kind, nobody's."""
    dice = Random(kind)
    if kind == "person":
        parts = [chr(0x4E00 + n) for n in range(2000)]
        made = [dice.choice(parts) + dice.choice(parts) + dice.choice(parts) for _ in range(count)]
    elif kind == "mobile":
        made = [f"1{dice.randrange(3 * 10**9, 10**10)}" for _ in range(count)]
    else:
        made = [f"99{dice.randrange(10**15, 10**16)}" for _ in range(count)]
    return pl.Series("v", made)


def ours(kind: str, count: int) -> dict[str, float]:
    """Seconds for a column of ``count`` values; making them is not counted."""
    column = values(kind, count)
    operator = get_operator("pseudonym")
    params = operator.parse({"kind": kind})
    context = OperatorContext(secrets.token_bytes(32), "v")
    operator(column.head(10), params, context)  # the pools are built once
    begun = time.perf_counter()
    made = operator(column, params, context)
    seconds = time.perf_counter() - begun
    if made is None or (made == column).any():
        raise RuntimeError("a pseudonym equals its value")
    return {"seconds": seconds}


def faker(count: int) -> dict[str, float]:
    """The same by Faker, seeded for each value."""
    from faker import Faker

    fake = Faker("zh_CN")
    key = secrets.token_bytes(32)
    column = values("person", count).to_list()
    begun = time.perf_counter()
    for value in column:
        fake.seed_instance(hashlib.blake2b(value.encode(), key=key, digest_size=8).digest())
        fake.name()
    return {"seconds": time.perf_counter() - begun}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--values", type=int, default=1_000_000)
    count = parser.parse_args().values
    peer = PEER_VALUES / best(REPEATED, faker, PEER_VALUES).value["seconds"]
    table = Table("Keyed pseudonyms, values a second")
    for kind in KINDS:
        rate = count / best(REPEATED, ours, kind, count).value["seconds"]
        table.row(f"{kind}: million values a second", rate / 1e6, peer / 1e6, rate / 1e6, mark=1.5)
        table.row(f"{kind}: against Faker seeded for each value", rate, peer, rate / peer)
    table.finish()


if __name__ == "__main__":
    main()
