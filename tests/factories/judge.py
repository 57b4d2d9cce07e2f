"""The judge of the held-back tables: what survived, what was changed for nothing, what was lost. Row by row."""  # noqa: E501

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import anonymize
from anonymize.errors import AnonymizeError
from anonymize.writers import open_writer
from tests.factories import sources
from tests.factories.cells import HeldBack
from tests.factories.truth import changed, leaks, plain, read_csv

FORMATS: dict[str, Callable[[HeldBack], bytes]] = {
    "csv": lambda table: table.csv(),
    "xlsx": lambda table: table.xlsx(),
}
"""What every table is judged in."""
SOURCES: dict[str, Callable[[HeldBack], bytes]] = FORMATS | {
    "xls": lambda table: sources.xls(table.header, table.rows),
    "json": lambda table: sources.json_array(table.header, table.rows),
    "parquet": lambda table: sources.parquet(table.header, table.rows),
}
"""And what some tables came as."""
Shape = Callable[[Random, int], HeldBack]


@dataclass(frozen=True)
class Judgement:
    """``leaking``: places (row, column) with more than the permitted residue; ``changed``: columns that should have
    stayed equal; ``lost``: rows missing or too many; ``blocked``: reasons of the report that hold a clean table back."""  # noqa: E501

    table: str
    format: str
    rows: int
    leaking: tuple[str, ...]
    changed: tuple[str, ...]
    lost: int
    blocked: tuple[str, ...]

    @property
    def leaking_rows(self) -> int:
        return len({place.split(",")[0] for place in self.leaking})

    @property
    def clean(self) -> bool:
        return not (self.leaking or self.changed or self.lost)


def desensitise(data: bytes, name: str) -> tuple[bytes, anonymize.Report]:
    """Scan, suggest, apply, exactly as the command does, and the published CSV."""
    table = anonymize.open_table(io.BytesIO(data), name=name)
    findings = anonymize.scan(table)
    policy = anonymize.suggest(findings)
    out = io.BytesIO()
    fields = anonymize.published_fields(policy, table.columns)
    report = anonymize.apply(table, policy, [open_writer("csv", out, fields)], findings=findings)
    return out.getvalue(), report


def judge(shape: Shape, seed: str, rows: int, form: str) -> Judgement:
    """One table in one format, from its seed."""
    table = shape(Random(seed), rows)
    try:
        published, report = desensitise(SOURCES[form](table), f"{table.name}.{form}")
    except AnonymizeError:
        # A good table that is refused has lost its rows.
        return Judgement(table.name, form, rows, (), (), rows, ("refused",))
    header, found = read_csv(published)
    lost = abs(len(found) - rows)
    leaking: list[str] = []
    wrong: list[str] = []
    if not lost:
        leaking = leaks(table, header, found) + _shown(table, header, found)
        wrong = changed(table, header, found)
    codes = tuple(sorted(blocker.code for blocker in report.blockers()))
    return Judgement(table.name, form, rows, tuple(leaking), tuple(wrong), lost, codes)


def _shown(table: HeldBack, header: list[str], rows: list[list[str]]) -> list[str]:
    """Cells of columns to hide that came out as they went in."""
    places = []
    for column in table.hide:
        if column not in header:
            continue
        source, target = table.header.index(column), header.index(column)
        places += [
            f"row {number}, column {column}"
            for number, (before, after) in enumerate(zip(table.rows, rows, strict=True))
            if plain(before[source]) and plain(before[source]) == plain(after[target])
        ]
    return places
