"""``make test``: every layer in order, on a stack of its own, within one time limit.

    python tests/run.py            all layers
    python tests/run.py quick      the libraries' tests without the slow ones
    python tests/run.py lint|unit|spark|ckan|e2e|bench|soak

A layer that fails does not keep the next ones from running; the exit code tells of any failure. The
closing lines of every layer are printed again at the end.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / "build" / "test-home"
ARTICLES = ROOT / "build" / "articles.json"
LIMIT = 44 * 60.0
"""Seconds for everything together: the whole suite may take 45 minutes on two cores."""
PYTEST = [
    sys.executable,
    "-m",
    "pytest",
    "-p",
    "no:ckan",
    "-p",
    "no:ckan_fixtures",
    "-p",
    "tests.plugins.articles",
    "-p",
    "tests.plugins.leaks",
]
CLI = [sys.executable, "-m", "ckanext.govdata.cli"]
TIMED_OUT = 124
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class Outcome:
    """One layer: its exit code, seconds, and the last lines that it printed."""

    name: str
    code: int
    seconds: float
    closing: list[str]


@dataclass
class Run:
    """All layers of one call."""

    begun: float = field(default_factory=time.monotonic)
    outcomes: list[Outcome] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))

    def left(self) -> float:
        """Seconds until the time limit."""
        return max(1.0, LIMIT - (time.monotonic() - self.begun))

    def step(self, name: str, command: Sequence[str], limit: float | None = None) -> bool:
        """Run one command and show its output; whether it succeeded. At the limit its group is ended."""
        print(f"\n━━ {name}", flush=True)
        begun = time.monotonic()
        lines: deque[str] = deque(maxlen=60)
        process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace", start_new_session=True,
        )  # fmt: skip
        signal.signal(signal.SIGALRM, lambda *_: _end(process))
        signal.setitimer(signal.ITIMER_REAL, min(self.left(), limit or LIMIT))
        try:
            for line in process.stdout or ():
                print(line, end="", flush=True)
                lines.append(_COLOUR.sub("", line.rstrip()))
            code = process.wait()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            _end(process)
        if code == -signal.SIGKILL:
            code = TIMED_OUT
            lines.append("time limit reached")
        closing = [line for line in lines if line.startswith(("FAILED", "ERROR", "SKIPPED"))] + list(lines)[
            -1:
        ]
        self.outcomes.append(Outcome(name, code, time.monotonic() - begun, closing))
        return code == 0

    def summary(self) -> int:
        """Print how every layer ended; the exit code of the whole."""
        print("\n━━ 汇总 / summary")
        for outcome in self.outcomes:
            sign = "✓" if outcome.code == 0 else "✗"
            print(f"{sign} {outcome.name:<28} {outcome.seconds:6.1f} s   exit {outcome.code}")
            for line in outcome.closing:
                if outcome.code or "passed" in line or line.startswith("SKIPPED"):
                    print(f"    {line}")
        failed = [outcome.name for outcome in self.outcomes if outcome.code]
        verdict = "✗ " + ", ".join(failed) if failed else "✓ all layers passed"
        print(f"\n{verdict}   {time.monotonic() - self.begun:.0f} s")
        return 1 if failed else 0


def _end(process: subprocess.Popen[str]) -> None:
    """End the group of a process that this run has started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def lint(run: Run) -> None:
    """Style, format, and strict types of both libraries."""
    tools = Path(sys.executable).parent
    run.step("ruff check", [str(tools / "ruff"), "check", "."])
    run.step("ruff format", [str(tools / "ruff"), "format", "--check", "."])
    run.step("mypy", [str(tools / "mypy")])


def unit(run: Run) -> None:
    """Everything that needs no running stack; the contract tests start a PostgreSQL of their own."""
    # the tests of the tagger do not skip; with a warm cache this takes a second
    run.step("weights", [str(Path(sys.executable).parent / "anonymize"), "tagger", "fetch"], limit=300)
    folders = ["tests/unit", "tests/contract", "tests/architecture", "tests/conformance"]
    run.step("unit", [*PYTEST, "-q", "-n", "2", *folders])


def quick(run: Run) -> None:
    """While one works: both libraries, without real signatures, fuzzing and long random walks."""
    libraries = ["tests/unit/anonymize", "tests/unit/licensing"]
    run.step("quick", [*PYTEST, "-q", "-n", "2", "-m", "not slow", *libraries])


def start(run: Run) -> bool:
    """A fresh stack with demo data on free ports."""
    from ckanext.govdata.embedded.ports import free_block

    base = free_block(4)
    for name in [name for name in run.environment if name.startswith("GOVDATA_")]:
        if name not in ("GOVDATA_MAVEN_REPOSITORY", "GOVDATA_JAR_CACHE", "GOVDATA_JAVA"):
            del run.environment[name]
    run.environment |= {
        "GOVDATA_HOME": str(HOME),
        "GOVDATA_PORT": str(base + 3),
        "GOVDATA_PORT_BASE": str(base),
        "GOVDATA_CASCADE_LOOPBACK": "1",  # other platforms of the tests are on this machine
    }
    HOME.parent.mkdir(exist_ok=True)
    run.step("clear test stack", [*CLI, "destroy", "--yes"], limit=120)
    return run.step("start test stack", [*CLI, "up", "--demo"], limit=600)


def on_stack(run: Run, layers: Sequence[tuple[str, Sequence[str]]]) -> None:
    """Run layers against a stack of their own and stop it, whatever happens."""
    try:
        if start(run):
            for name, command in layers:
                run.step(name, [*CLI, "exec", *command])
    finally:
        run.step("stop test stack", [*CLI, "down"], limit=180)


def spark(run: Run) -> None:
    """The engine for clusters, in an environment of its own beside the project's."""
    python = ROOT / "build" / "peers" / "spark" / "bin" / "python"
    ready = run.step("java for spark", [sys.executable, "tests/spark/java.py"], limit=300)
    if ready and run.step("install spark", [sys.executable, "bench/measure.py", "spark"], limit=300):
        run.step("spark", [str(python), *PYTEST[1:], "-q", "--timeout", "300", "tests/spark"])


ON_STACK = frozenset(
    {
        "bench_clocks",
        "bench_datastore",
        "bench_door",
        "bench_evaluation",
        "bench_excel",
        "bench_harvest",
        "bench_portal",
        "bench_queries",
        "bench_release",
        "bench_search_scale",
        "bench_table",
    }
)
"""Benches that need a running portal."""


def measured(run: Run, kind: str) -> None:
    """Every script of a kind in ``bench/``; ``build/bench.json`` gathers what they found."""
    scripts = sorted((ROOT / "bench").glob(f"{kind}_*.py"))
    steps = [(path.stem, [sys.executable, str(path)]) for path in scripts]
    alone = [step for step in steps if kind == "bench" and step[0] not in ON_STACK]
    if kind == "soak":
        run.environment["GOVDATA_TEST_RANDOM"] = "1"
        unit(run)
    for name, command in alone:
        run.step(name, command)
    on_stack(run, [step for step in steps if step not in alone])


CKAN = ("ckan", [*PYTEST, "-q", "--timeout", "600", "tests/ckan"])
E2E = ("e2e", [*PYTEST, "-q", "--timeout", "900", "tests/e2e"])


def main(wanted: str) -> int:
    """Run what was asked for; the exit code of the whole."""
    run = Run()
    if wanted == "all":
        ARTICLES.unlink(missing_ok=True)  # what an earlier run has proved is not proved now
    if wanted in ("all", "lint"):
        lint(run)
    if wanted in ("all", "unit"):
        unit(run)
    if wanted == "quick":
        quick(run)
    if wanted in ("all", "spark"):
        spark(run)
    if wanted == "all":
        on_stack(run, [CKAN, E2E])
        run.step("articles", [sys.executable, "-m", "tests.plugins.gate"], limit=60)
        made = ROOT / "build" / "compliance.md"
        run.step("compliance", [sys.executable, "-m", "tests.plugins.compliance", str(made)], limit=60)
    elif wanted == "ckan":
        on_stack(run, [CKAN])
    elif wanted == "e2e":
        on_stack(run, [E2E])
    elif wanted in ("bench", "soak"):
        measured(run, wanted)
    return run.summary()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "all"))
