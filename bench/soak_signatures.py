"""Every single byte of a small signed document changed in turn: each change must be found.

    python bench/soak_signatures.py [EVERY, 1] [PROCESSES, 2]

Two sides sign one empty page, each with time stamp, revocation proofs and archive time stamp. Then each byte
has one bit turned over (another bit from byte to byte), those of the last time stamp, which no later hash
covers, each of their eight bits. ``covered`` is asked first, because no file is good without it; one change
in some hundreds is put to the whole verification all the same. EVERY takes only every n-th byte outside the
last time stamp. About three quarters of an hour on two cores.

Exit code 1 when a change is not found, or the file itself is not good.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import time_machine

from tests.factories.changed_bytes import Signed, bit_of, small_signed
from tests.factories.licensing_world import START, SettableTime

CHUNK, WHOLE = 100, 5
Change = tuple[int, int]
_signed: list[Signed] = []
"""Inherited by the processes, which are forked."""


def changes(signed: Signed, every: int) -> Iterator[Change]:
    """What is tried, the last time stamp first."""
    for offset in range(signed.last, len(signed.data)):
        yield from ((offset, 1 << bit) for bit in range(8))
    yield from ((offset, bit_of(offset)) for offset in range(0, signed.last, every))


def judge(chunk: list[Change]) -> list[Change]:
    """Those that are not found."""
    (signed,) = _signed
    whole = chunk[:1] if chunk[0][0] % WHOLE == 0 else []
    return signed.undetected(chunk) + signed.undetected(whole, whole=True)


def main(every: int, processes: int) -> int:
    """The exit code."""
    began = time.perf_counter()
    with time_machine.travel(START, tick=False), TemporaryDirectory(prefix="govdata-soak-") as name:
        signed = small_signed(Path(name) / "ca", SettableTime())
        if not signed.good(signed.data):
            print("✗ the signed file is not good")
            return 1
        _signed.append(signed)
        tried = list(changes(signed, every))
        chunks = [tried[at : at + CHUNK] for at in range(0, len(tried), CHUNK)]
        print(f"{len(signed.data):,} bytes, {len(tried):,} changes", flush=True)
        undetected: list[Change] = []
        with get_context("fork").Pool(processes) as pool:
            for number, found in enumerate(pool.imap_unordered(judge, chunks), start=1):
                undetected += found
                for offset, bits in found:
                    print(f"✗ byte {offset}, bits {bits:08b}: still good", flush=True)
                if number % 50 == 0:
                    seconds = time.perf_counter() - began
                    print(f"{number * CHUNK:,} changes in {seconds:,.0f} s", flush=True)
    print(f"{len(tried):,} changes, {len(undetected)} not found, {time.perf_counter() - began:,.0f} s")
    return 1 if undetected else 0


if __name__ == "__main__":
    given = [int(each) for each in sys.argv[1:]]
    sys.exit(main(given[0] if given else 1, given[1] if len(given) > 1 else 2))
