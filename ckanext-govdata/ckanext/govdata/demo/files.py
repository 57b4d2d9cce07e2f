"""Writes the demonstration tables as files, for trying the portal and the `anonymize` command by hand."""

from __future__ import annotations

from pathlib import Path

from ckanext.govdata.demo.tables import TABLES

SEED = 7


def write(folder: Path, *, seed: int = SEED, rows: int | None = None) -> list[Path]:
    """Write every table into ``folder``, at most ``rows`` rows each; returns the files.

    Existing files of the same names are replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for table in TABLES:
        path = folder / table.filename
        with path.open("wb") as stream:
            table.generate(stream, seed, table.rows if rows is None else min(rows, table.rows))
        written.append(path)
    return written
