"""Where the weights lie on this machine, which they are, and whether they are whole.

They are kept in the user's cache folder, or in ``GOVDATA_MODEL_CACHE``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import platformdirs

from anonymize.tagger import nameable

Progress = Callable[[str, int, int], None]
"""Told the stage, what is done, and of how much: bytes of the archive, then words that are tried."""

NAME = "lac-2.1.2"
PROJECT = "lac"
ARCHIVE = "LAC-2.1.2.tar.gz"
SIZE = 64_818_010
SHA256 = "22fcde0d5082d2044205ea6f6a7a9cd1f0d63e7b21b2dd5c9c73f27e7c0a3ef1"
FILES = frozenset(
    {f"conf/{name}" for name in ("args.ini", "q2b.dic", "small_seg.dic", "tag.dic", "word.dic")}
    | {f"model/{name}" for name in ("__model__", "crfw", "word_emb")}
    | {f"model/fc_{index}.{kind}_0" for index in range(5) for kind in "wb"}
    | {f"model/gru_{index}.{kind}_0" for index in range(4) for kind in "wb"}
)
MANIFEST = "verified.json"


def cache() -> Path:
    """Folder that holds the folders of weights."""
    named = os.environ.get("GOVDATA_MODEL_CACHE")
    return Path(named) if named else Path(platformdirs.user_cache_dir("govdata")) / "models"


def folder() -> Path:
    """Where the weights lie once they were fetched."""
    return cache() / NAME


def is_whole(place: Path | None = None) -> bool:
    """Whether all files lie at ``place`` as they were when their archive was verified.

    Sizes and modification times are compared with those noted then; hashing 34 MB at every start would cost
    more than loading them.
    """
    place = folder() if place is None else place
    try:
        noted = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
        return bool(noted == manifest(place))
    except (OSError, ValueError):
        return False


def manifest(place: Path) -> dict[str, list[int]]:
    """Size and modification time (nanoseconds) of every file."""
    found = {}
    for name in sorted((*FILES, nameable.FILE)):
        state = (place / name).stat()
        found[name] = [state.st_size, state.st_mtime_ns]
    return found
