"""Files of an installation beside its databases and objects: authority, meters, witness, own settings."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ckanext.govdata.embedded import licensing
from ckanext.govdata.embedded.home import Home

METER: Final = "data/licensing/meter/"
LOCAL: Final = "local.ini"
_SINGLE: Final = ("run.json", "demo-loaded")
_FOLDERS: Final = ("data/licensing", "data/ckan")
_SECRET: Final = re.compile(r"secret|password|passphrase|token|key|credential|_url\b|\.url\b", re.IGNORECASE)


def present(home: Home) -> Iterator[tuple[str, Path]]:
    """Names below the home and paths of what is taken along, the meters' segments too."""
    for name in _SINGLE:
        if (home.root / name).is_file():
            yield name, home.root / name
    for folder in _FOLDERS:
        for path in sorted((home.root / folder).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield str(path.relative_to(home.root)), path


def own_settings(home: Home) -> tuple[str, list[str]]:
    """``local.ini`` without its secrets, and the names of those that were left out."""
    path = home.root / LOCAL
    kept, left = [], []
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
        name, equals, value = line.partition("=")
        if equals and (_SECRET.search(name) or ("://" in value and "@" in value)):
            left.append(name.strip())
        else:
            kept.append(line)
    return "\n".join(kept), left


def meter(home: Home) -> Path:
    """The folder of the meters' segments."""
    return licensing.folder(home) / "meter"


def write(home: Home, name: str, content: Iterator[bytes]) -> None:
    """One file back to its place, mode 600. Raises ValueError for a name that leads elsewhere."""
    goal = (home.root / name).resolve()
    if not goal.is_relative_to(home.root.resolve()) or name.startswith("/"):
        raise ValueError("a name that leads out of the home")
    goal.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(goal, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        for piece in content:
            stream.write(piece)


def aside(path: Path, stamp: str) -> Path | None:
    """Put a folder out of the way, beside where it was; None when there is none."""
    if not path.exists():
        return None
    goal = path.with_name(f"{path.name}.before-{stamp}")
    path.rename(goal)
    return goal


def back(path: Path, kept: Path | None) -> None:
    """Undo :func:`aside`, removing what came in its place."""
    shutil.rmtree(path, ignore_errors=True)
    if kept is not None:
        kept.rename(path)
