"""Damage: bytes changed, cut, repeated and swapped, by a seed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from random import Random

from tests.factories import sources

HEADER = ("编号", "姓名", "说明")
ROWS = [(str(i), "张三丰"[: 1 + i % 3], f'第{i}项，"{i}"\\') for i in range(40)]
PLACES = [(*row, "POINT (114.25 30.5)" if i % 2 else "") for i, row in enumerate(ROWS)]
_MARKS = b"\"'\\{}[]<>&,;:\n\r\0#PK\xff\x80\x1f\x8b"


def mutated(data: bytes, random: Random) -> bytes:
    """``data`` with a few kinds of damage."""
    out = bytearray(data)
    for _ in range(random.randrange(1, 8)):
        if not out:
            break
        at = random.randrange(len(out))
        kind = random.randrange(7)
        if kind == 0:
            out[at] ^= 1 << random.randrange(8)
        elif kind == 1:
            out[at : at + random.randrange(4)] = random.randbytes(random.randrange(4))
        elif kind == 2:
            del out[at : at + random.randrange(1, 64)]
        elif kind == 3:
            out[at:at] = out[at : at + random.randrange(1, 64)] * random.randrange(1, 5)
        elif kind == 4:
            out[at] = random.choice(_MARKS)
        elif kind == 5:
            # Counts and lengths of binary formats: the largest and the smallest.
            out[at : at + 4] = random.choice(
                [b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\0", b"\0\0\0\x80"]
            )
        elif random.random() < 0.2:
            del out[at:]
    return bytes(out)


def mutated_inside(archive: bytes, random: Random) -> bytes:
    """A zip with damage inside one member, and sums that are right again: the reader behind it sees it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        chosen = random.choice(old.namelist())
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, mutated(data, random) if name == chosen else data)
    return out.getvalue()


#: Kind -> a whole file of it.
WHOLE: dict[str, Callable[[], bytes]] = {
    "csv": lambda: sources.delimited(HEADER, ROWS),
    "gb.csv": lambda: sources.delimited(HEADER, ROWS, encoding="gb18030"),
    "xlsx": lambda: sources.xlsx(HEADER, ROWS),
    "xls": lambda: sources.xls(HEADER, ROWS),
    "json": lambda: sources.json_array(HEADER, ROWS),
    "wrapped.json": lambda: sources.json_wrapped(HEADER, ROWS),
    "jsonl": lambda: sources.json_lines(HEADER, ROWS),
    "geojson": lambda: sources.geojson((*HEADER, "geometry"), PLACES),
    "xml": lambda: sources.xml(HEADER, ROWS),
    "parquet": lambda: sources.parquet(HEADER, ROWS),
    **{
        packing: (lambda pack=pack: pack(sources.json_lines(HEADER, ROWS)))
        for packing, pack in sources.PACKINGS.items()
    },  # type: ignore[misc]
}


def damaged(kind: str, seed: int) -> bytes:
    """One damaged file; the same for the same seed."""
    random = Random(f"{kind}-{seed}")
    whole = WHOLE[kind]()
    if kind in ("xlsx", "zip") and random.random() < 0.6:
        return mutated_inside(whole, random)
    return mutated(whole, random)
