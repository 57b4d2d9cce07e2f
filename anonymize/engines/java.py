"""A Java that Spark can run on: a full development kit, 17 or later."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from anonymize.errors import WrongUse

_MODULE = "jdk.incubator.vector"
"""Spark 4 adds this module to every start; a slim runtime lacks it."""
_SYSTEM = Path("/usr/lib/jvm")


class EngineUnavailable(WrongUse):
    """What the engine needs is not installed; says what to install."""

    code, status = "engine_unavailable", 501


def java_home() -> Path:
    """Home of a Java for Spark: ``JAVA_HOME``, the ``java`` of the path, then the system's.

    Raises:
        EngineUnavailable: none of them is a full Java 17 or later.
    """
    for home in _candidates():
        if _has_module(home):
            return home
    raise EngineUnavailable(
        "没有找到完整的 Java 17 或更高版本。请安装（如 Debian：apt install openjdk-17-jdk-headless；"
        "openEuler/麒麟：dnf install java-17-openjdk-devel），或设置 JAVA_HOME。",
        "No full Java 17 or later was found. Install one (Debian/Ubuntu: "
        "apt install openjdk-17-jdk-headless; Fedora/RHEL: dnf install java-17-openjdk-devel), "
        "or set JAVA_HOME.",
    )


def _candidates() -> Iterator[Path]:
    if named := os.environ.get("JAVA_HOME"):
        yield Path(named)
    if found := shutil.which("java"):
        yield Path(found).resolve().parents[1]
    if _SYSTEM.is_dir():
        yield from sorted((home for home in _SYSTEM.iterdir() if home.is_dir()), reverse=True)


def _has_module(home: Path) -> bool:
    program = home / "bin" / "java"
    if not os.access(program, os.X_OK):
        return False
    try:
        done = subprocess.run(
            [program, "--list-modules"], capture_output=True, text=True, timeout=30, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and _MODULE in done.stdout
