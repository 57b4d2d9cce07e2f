"""Column ids of the DataStore for headers as departments write them.

A header stays as it is, Chinese included, unless PostgreSQL or CKAN cannot carry it:

- a PostgreSQL identifier holds 63 *bytes*, 21 Chinese characters, and cuts the rest off silently; a longer
  header is cut at a character and ends in ``~`` and 8 hex digits of its SHA-256, so that the same header
  has the same id in every release;
- CKAN refuses ``"``, control characters, a leading ``_`` and outer blanks, and reads ``:`` and a
  backslash as markup of its SQL layer: these become their full-width forms or blanks;
- PostgreSQL's system columns (``ctid``, ``xmin``, …) and an empty or repeated header get a suffix.

The whole header is kept as ``label`` in the data dictionary.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence

MAX_BYTES = 63
#: PostgreSQL's own limit is 1600; CKAN adds ``_id`` and ``_full_text``.
MAX_COLUMNS = 1598
_FULL_WIDTH = str.maketrans({'"': "\uff02", ":": "\uff1a", "\\": "\uff3c"})
_SYSTEM = frozenset({"tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"})


def column_ids(headers: Sequence[str]) -> list[str]:
    """One id a header, in order, all different; the same headers always give the same ids."""
    taken: set[str] = set()
    ids = []
    for number, header in enumerate(headers, start=1):
        wanted = _shortened(_cleaned(header) or f"列{number}", header)
        name, again = wanted, 2
        while name in taken or name in _SYSTEM:
            name = _fitting(wanted, f"_{again}")
            again += 1
        taken.add(name)
        ids.append(name)
    return ids


def _cleaned(header: str) -> str:
    plain = "".join(" " if unicodedata.category(c).startswith("C") else c for c in header)
    name = plain.translate(_FULL_WIDTH).strip()
    return "＿" + name[1:] if name.startswith("_") else name


def _shortened(name: str, header: str) -> str:
    if len(name.encode("utf-8")) <= MAX_BYTES:
        return name
    return _fitting(name, "~" + hashlib.sha256(header.encode("utf-8")).hexdigest()[:8])


def _fitting(name: str, suffix: str) -> str:
    room = MAX_BYTES - len(suffix)
    return name.encode("utf-8")[:room].decode("utf-8", errors="ignore").rstrip() + suffix
