"""A second platform of ours harvests this one by its own consumers: what comes, what changes, what goes.

    python bench/soak_harvest.py [THEME, weather]

Run by ``make soak`` on a stack of its own; the second platform is another stack with ``GOVDATA_HARVEST=1``,
whose scheduler, ``gather`` and ``fetch`` do the work. A theme is harvested; then an entry is changed here and
another is made private, and it is harvested again. Every statutory element must be there as it is here. Exit
code 1 when something is lost.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ckanext.govdata.embedded.ports import free_block
from ckanext.govdata.interchange.entry import ELEMENTS, ITEM_PARTS
from tests.stack import ROOT, Stack, running

CLI = [sys.executable, "-m", "ckanext.govdata.cli"]
SOURCE = Path(__file__).with_name("peers") / "harvest_source.py"
PATIENCE = 1200.0
"""Seconds for one harvest; the scheduler looks for new jobs every half minute."""


class Platform:
    """A stack that harvests, under a home of its own."""

    def __init__(self, home: Path) -> None:
        base = free_block(4)
        kept = {name: v for name, v in os.environ.items() if not name.startswith(("GOVDATA_", "CKAN"))}
        for name in ("GOVDATA_MAVEN_REPOSITORY", "GOVDATA_JAR_CACHE", "GOVDATA_JAVA"):
            if name in os.environ:
                kept[name] = os.environ[name]
        self.home = home
        self.environment = {
            **kept, "GOVDATA_HOME": str(home), "GOVDATA_PORT": str(base + 3), "GOVDATA_PORT_BASE": str(base),
            "GOVDATA_HARVEST": "1",
        }  # fmt: skip

    def run(self, *command: str) -> str:
        """The output of a command of the stack. Raises RuntimeError with its closing lines."""
        done = subprocess.run(
            [*CLI, *command], cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError((done.stdout + done.stderr)[-3000:])
        return done.stdout

    def source(self, how: str, address: str = "") -> dict[str, Any]:
        """What ``peers/harvest_source.py`` says."""
        told = self.run("exec", sys.executable, str(SOURCE), how, str(self.home / "ckan.ini"), address)
        return dict(json.loads(told.splitlines()[-1]))

    def harvest(self, address: str) -> dict[str, Any]:
        """Let its consumers carry out one job; what the catalogue shows afterwards."""
        job = self.source("begin", address)["job"]
        pause, end = threading.Event(), time.monotonic() + PATIENCE
        while True:
            state = self.source("state")
            if state["job"] == job and state["status"] == "Finished":
                return state
            if time.monotonic() > end:
                raise RuntimeError(f"the job is {state['status']} after {PATIENCE:.0f} s: {state['errors']}")
            pause.wait(5)


@contextmanager
def platform(folder: Path) -> Iterator[Platform]:
    """A fresh one, and nothing left of it afterwards."""
    made = Platform(folder / "home")
    try:
        made.run("up")
        yield made
    finally:
        subprocess.run([*CLI, "destroy", "--yes"], cwd=ROOT, env=made.environment, check=False)


def differences(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> list[str]:
    """What is not there as it is here, a line each."""
    found: list[str] = []
    there = {entry["name"]: entry for entry in theirs}
    for name in sorted({*there} - {entry["name"] for entry in ours}):
        found.append(f"{name}: is there and not here")
    for entry in ours:
        other = there.get(entry["name"])
        if other is None:
            found.append(f"{entry['name']}: did not come")
            continue
        for element in ("title", "notes", *sorted(set(ELEMENTS) - {"language"})):
            if (entry.get(element) or "") != (other.get(element) or ""):
                found.append(f"{entry['name']}: {element}")
        if _items(entry) != _items(other):
            found.append(f"{entry['name']}: information_items")
    return found


def _items(entry: dict[str, Any]) -> list[dict[str, str]]:
    rows = entry.get("information_items") or []
    return [{part: str(row[part]) for part in ITEM_PARTS if row.get(part)} for row in rows]


def of_theme(stack: Stack, theme: str) -> list[dict[str, Any]]:
    """What everybody may see here of a theme."""
    return stack.entries(f"theme:{theme}")


@contextmanager
def altered(stack: Stack, entry: dict[str, Any], **changes: Any) -> Iterator[None]:
    """The entry changed by the system administrator while the block runs."""
    before = {name: entry[name] for name in changes}
    stack.action("sysadmin", "package_patch", id=entry["id"], **changes)
    try:
        yield
    finally:
        stack.action("sysadmin", "package_patch", id=entry["id"], **before)


def _turn(stack: Stack, other: Platform, theme: str, name: str) -> list[str]:
    """Harvest once; what is wrong afterwards."""
    begun = time.monotonic()
    came = other.harvest(f"{stack.base_url}/catalog.ttl?theme={theme}")
    spent = time.monotonic() - begun
    ours = of_theme(stack, theme)
    wrong = differences(ours, came["packages"]) + came["errors"]
    load = os.getloadavg()[0]
    print(f"{name}: {len(ours)} entries in {spent:.0f} s, {len(wrong)} faults; load {load:.1f}", flush=True)
    return wrong


def main(theme: str) -> int:
    """Harvest twice; the exit code."""
    stack = running()
    if stack is None:
        raise SystemExit("no stack answers: run this by `make soak`")
    faults: list[str] = []
    with TemporaryDirectory(prefix="govdata-soak-") as folder, platform(Path(folder)) as other:
        faults += _turn(stack, other, theme, "first")
        one, gone, *_rest = of_theme(stack, theme)
        with altered(stack, one, title=f"{one['title']}（已更正）"), altered(stack, gone, private=True):
            faults += _turn(stack, other, theme, "after changes")
    for fault in faults[:20]:
        print("✗", fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or ("weather",)))
