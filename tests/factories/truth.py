"""What a published table may not show, checked row by row against the truth of its factory."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence

from tests.factories.tables import Table

WINDOW = 7
"""Consecutive characters of a number that may not survive: a region prefix has six."""


def read_csv(data: bytes) -> tuple[list[str], list[list[str]]]:
    """Header and rows of a published CSV (UTF-8, with or without BOM)."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    return rows[0], rows[1:]


def plain(text: str) -> str:
    """Full width folded and everything between digits dropped, as an attacker would search."""
    return re.sub(r"[\s\-‐–—_.·]", "", unicodedata.normalize("NFKC", text)).upper()


def leaks(table: Table, header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Places (row, column) where something of the row's own person survives; never the value."""
    found = []
    for number, (secrets, row) in enumerate(zip(table.secrets, rows, strict=True)):
        cells = [plain(cell) for cell in row]
        for secret in filter(None, map(plain, secrets)):
            windows = [secret]
            if len(secret) >= 11 and sum(c.isdigit() for c in secret) >= len(secret) - 2:
                windows = [secret[i : i + WINDOW] for i in range(len(secret) - WINDOW + 1)]
            for column, cell in zip(header, cells, strict=True):
                kept = column in table.keep
                if any(w in cell for w in ([secret] if kept else windows)):
                    found.append(f"row {number}, column {column}")
    return found


def changed(table: Table, header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns of ``table.keep`` that are missing or have an unequal cell."""
    wrong = []
    for name in table.keep:
        if name not in header:
            wrong.append(f"{name}: missing")
            continue
        source, target = table.header.index(name), list(header).index(name)
        unequal = sum(a[source] != b[target] for a, b in zip(table.rows, rows, strict=True))
        if unequal:
            wrong.append(f"{name}: {unequal} cells")
    return wrong
