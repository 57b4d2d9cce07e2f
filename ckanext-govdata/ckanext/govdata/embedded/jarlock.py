"""The lock of Java archives: coordinates, SHA-256 and size of everything that is fetched.

A line reads ``group:artifact:version[:classifier] <sha256> <bytes>`` under the ``[set]`` that needs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from .errors import JarError
from .messages import Message

LOCK = Path(__file__).with_name("jars.lock")
_LINE = re.compile(r"(?P<at>[\w.-]+(?::[\w.-]+){2,3})\s+(?P<sha>[0-9a-f]{64}|-)\s+(?P<size>\d+|-)")


@dataclass(frozen=True, order=True)
class Jar:
    """One Java archive of the lock. ``sha256`` is empty while it waits for `govdata jars lock`."""

    group: str
    artifact: str
    version: str
    classifier: str
    sha256: str
    size: int

    @property
    def coordinates(self) -> str:
        """``group:artifact:version[:classifier]``."""
        return ":".join(part for part in (self.group, self.artifact, self.version, self.classifier) if part)

    @property
    def filename(self) -> str:
        """Name of the file in a Maven repository."""
        tail = f"-{self.classifier}" if self.classifier else ""
        return f"{self.artifact}-{self.version}{tail}.jar"

    @property
    def path(self) -> str:
        """Path in a Maven repository, with slashes."""
        return "/".join([*self.group.split("."), self.artifact, self.version, self.filename])


def parse(text: str) -> dict[str, tuple[Jar, ...]]:
    """Set name → archives. Raises `JarError` with the number of the line that cannot be read."""
    sets: dict[str, list[Jar]] = {}
    current: list[Jar] | None = None
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]"):
            current = sets.setdefault(line[1:-1], [])
            continue
        match = _LINE.fullmatch(line)
        if match is None or current is None:
            raise JarError(
                Message(
                    f"jars.lock 第 {number} 行无法识别。请恢复该文件（git checkout）。",
                    f"Line {number} of jars.lock cannot be read. Restore the file (git checkout).",
                )
            )
        current.append(_jar(match))
    return {name: tuple(jars) for name, jars in sets.items()}


def _jar(match: re.Match[str]) -> Jar:
    group, artifact, version, *classifier = match["at"].split(":")
    return Jar(
        group=group,
        artifact=artifact,
        version=version,
        classifier=classifier[0] if classifier else "",
        sha256="" if match["sha"] == "-" else match["sha"],
        size=0 if match["size"] == "-" else int(match["size"]),
    )


def read(path: Path = LOCK) -> dict[str, tuple[Jar, ...]]:
    """The sets of the lock file at ``path``."""
    return parse(path.read_text(encoding="utf-8"))


def rewrite(text: str, fresh: Iterable[Jar]) -> str:
    """``text`` with the hash and size of every archive replaced by those of ``fresh``; comments stay."""
    known = {jar.coordinates: jar for jar in fresh}
    lines = []
    for raw in text.splitlines():
        match = _LINE.fullmatch(raw.strip())
        if match is None:
            lines.append(raw)
            continue
        jar = replace(_jar(match), sha256="", size=0)
        jar = known.get(jar.coordinates, jar)
        lines.append(f"{jar.coordinates} {jar.sha256 or '-'} {jar.size or '-'}")
    return "\n".join(lines) + "\n"
