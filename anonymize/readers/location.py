"""Which sources are databases and not files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import BinaryIO

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+_.-]*://")


def is_database(source: Path | str | BinaryIO) -> bool:
    """True for the text of a SQLAlchemy URL, such as ``postgresql://host/db`` or ``sqlite:///file``."""
    return isinstance(source, str) and _URL.match(source) is not None
