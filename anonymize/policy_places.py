"""Places in policy data, and the sentence about what is wrong at one of them."""

from __future__ import annotations

from collections.abc import Mapping

from anonymize.errors import PolicyInvalid

Path = tuple[str | int, ...]
"""Keys, and positions in lists from 0."""
Lines = Mapping[Path, int]
"""The line (from 1) of a place in a policy file."""


def wrong(path: Path, lines: Lines, zh: str, en: str) -> PolicyInvalid:
    """``zh`` and ``en`` say what is wrong after the place has been named."""
    where = "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".") or "/"
    line = line_of(path, lines)
    return PolicyInvalid(
        ("第 {line} 行，" if line else "") + "{path} " + zh + "。",
        ("Line {line}: " if line else "") + "{path} " + en + ".",
        path=where,
        line=line,
    )


def line_of(path: Path, lines: Lines) -> int | None:
    """The line of a place, or of the nearest that holds it; None where there are no lines."""
    return next((found for n in range(len(path), -1, -1) if (found := lines.get(path[:n]))), None)
