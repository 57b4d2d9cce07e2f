"""Where the front-end libraries are: unpacked by the stack into a public folder, named with their version.

The stack puts ``webjars/<name>/<version>/…`` into one of the folders of ``extra_public_paths``; no
library stands in the repository and none comes from another host.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ckan.plugins import toolkit as tk


def address(name: str, path: str) -> str:
    """The URL of ``path`` in the newest unpacked version of ``name``; empty when there is none."""
    folders = str(tk.config.get("extra_public_paths") or "")
    version = _version(folders, name)
    return str(tk.h.url_for_static(f"/webjars/{name}/{version}/{path}")) if version else ""


@cache
def _version(folders: str, name: str) -> str:
    versions = [
        version.name
        for folder in folders.split(",")
        if folder.strip()
        for version in (Path(folder.strip()) / "webjars" / name).glob("*")
        if version.is_dir()
    ]
    return max(versions, key=_ordered, default="")


def _ordered(version: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in version.split("."))
