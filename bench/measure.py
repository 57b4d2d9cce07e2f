"""What every script in ``bench/`` needs: child processes with clock and memory, peers, a table of marks.

::

    from measure import Table, peer_python, timed

    ours = timed(work, path)                                    # a function of the script, in a child
    peer = timed([peer_python("presidio"), "bench/peers/x.py", path])   # a program
    table = Table("Masking")
    table.row("rows/s against presidio", ours.rate(rows), peer.rate(rows), ratio, mark=900)
    table.finish()                                              # prints; ends with 1 when a mark is missed

Peers live in environments of their own under ``build/peers``, one for each ``config/locks/bench-<set>.in``
(its ``.lock`` when there is one), made by the pinned ``uv`` and used again while that file stays the same.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import platform
import re
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

import psutil

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
LOCKS = ROOT / "config" / "locks"
_POLL = 0.02
"""Seconds between two looks at the memory of a child; its own high-water mark is kept by the kernel."""
T = TypeVar("T")


@dataclass(frozen=True)
class Result:
    """One measured run. ``seconds``: wall clock of the work alone when the child tells it, else of the
    process; ``peak_mb``: highest resident memory of the child and its children, in 10⁶ bytes; ``value``:
    what a function returned, or the JSON object in the last line a program printed."""

    seconds: float
    peak_mb: float
    value: Any = None

    def rate(self, units: float) -> float:
        """Units a second."""
        return units / self.seconds


def timed(
    work: Callable[..., Any] | Sequence[str | Path], *args: Any, env: dict[str, str] | None = None
) -> Result:
    """Run in a fresh process and measure it.

    ``work`` is a function at the top of a module (the clock then leaves out the interpreter's start and
    the imports) or the words of a command. A program that prints a JSON object with ``seconds`` as its last
    line tells its own time. Raises RuntimeError when the child fails.
    """
    if callable(work):
        return _timed_function(work, args)
    return _timed_program([str(word) for word in (*work, *args)], env)


def best(times: int, work: Callable[..., Any] | Sequence[str | Path], *args: Any) -> Result:
    """The fastest of several runs: what disturbs a run only ever makes it slower."""
    return min((timed(work, *args) for _ in range(times)), key=lambda result: result.seconds)


# -- children --------------------------------------------------------------------------------------


def _timed_function(work: Callable[..., Any], args: Sequence[Any]) -> Result:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_in_child, args=(theirs, work, args))
    child.start()
    theirs.close()
    with _Watch(child.pid or 0) as watch:
        try:
            seconds, value, error = ours.recv()
        except EOFError:
            seconds, value, error = 0.0, None, "the child ended without a word"
        child.join()
    if error is not None:
        raise RuntimeError(error)
    return Result(seconds, watch.peak / 1e6, value)


def _in_child(out: Connection, work: Callable[..., Any], args: Sequence[Any]) -> None:
    begun = time.perf_counter()
    try:
        value = work(*args)
        seconds = time.perf_counter() - begun
        out.send((seconds, value, None))
    except Exception as error:  # noqa: BLE001  told to the parent, which raises
        import traceback

        out.send((0.0, None, "".join(traceback.format_exception(error))))
    out.close()


def _timed_program(words: list[str], env: dict[str, str] | None) -> Result:
    begun = time.perf_counter()
    child = subprocess.Popen(words, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    with _Watch(child.pid) as watch:
        out, _ = child.communicate()
    seconds = time.perf_counter() - begun
    if child.returncode:
        raise RuntimeError(f"{Path(words[0]).name} {' '.join(words[1:3])}: exit {child.returncode}")
    lines = out.strip().splitlines()
    told: Any = None
    if lines and lines[-1].startswith("{"):
        told = json.loads(lines[-1])
        seconds = told.get("seconds", seconds)
    return Result(seconds, watch.peak / 1e6, told)


class _Watch:
    """The highest resident memory of a process and its children, from the kernel's own marks."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._ended = threading.Event()
        self._marks: dict[int, int] = {}
        self._thread = threading.Thread(target=self._look, daemon=True)

    @property
    def peak(self) -> int:
        """Bytes."""
        return sum(self._marks.values())

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while True:
            for pid in self._family():
                try:
                    status = Path(f"/proc/{pid}/status").read_text()
                except OSError:
                    continue
                mark = re.search(r"^VmHWM:\s+(\d+) kB", status, re.M)
                # A child between fork and exec still shows its parent's pages.
                if mark and not (pid != self._pid and self._is_copy(pid)):
                    self._marks[pid] = max(self._marks.get(pid, 0), int(mark.group(1)) * 1024)
            if self._ended.wait(_POLL):
                return

    def _is_copy(self, pid: int) -> bool:
        try:
            return (
                Path(f"/proc/{pid}/cmdline").read_bytes() == Path(f"/proc/{self._pid}/cmdline").read_bytes()
            )
        except OSError:
            return True

    def _family(self) -> list[int]:
        """The process and all below it.

        By the kernel's own lists where it keeps them: to look through all processes of a machine again and
        again takes a good part of a core, from what is measured too when that wants every core.
        """
        if not Path(f"/proc/{self._pid}/task/{self._pid}/children").exists():
            try:
                process = psutil.Process(self._pid)
                return [self._pid, *(child.pid for child in process.children(recursive=True))]
            except psutil.Error:
                return []
        family = [self._pid]
        for pid in family:  # grows on the way
            try:
                for thread in os.listdir(f"/proc/{pid}/task"):
                    family += map(int, Path(f"/proc/{pid}/task/{thread}/children").read_text().split())
            except OSError:  # it has ended, or a thread of it
                continue
        return family


# -- peers -----------------------------------------------------------------------------------------


def peer_python(set: str) -> Path:
    """The interpreter of the environment in which the peers of ``set`` are installed.

    Made at the first call from ``config/locks/bench-<set>.lock`` or ``<set>.lock`` (or ``.in``). In the
    ``.in``, a line ``# python 3.9`` asks uv for another Python than the one that runs, and a line
    ``# beside .venv`` lets the environment see the project and everything that is installed with it.
    """
    named = LOCKS / f"bench-{set}.in"
    asked_for = named if named.exists() else LOCKS / f"{set}.in"
    source = asked_for.with_suffix(".lock")
    if not source.exists():
        source = asked_for
    wanted = source.read_bytes()
    asked = re.search(rb"^# python (\d\.\d+)", asked_for.read_bytes(), re.M)
    beside = b"\n# beside .venv\n" in asked_for.read_bytes()
    python = asked.group(1).decode() if asked else sys.executable
    home = BUILD / "peers" / set
    program = home / "bin" / "python"
    stamp = home / "peers.stamp"
    mark = hashlib.sha256(wanted + python.encode()).hexdigest()
    if program.exists() and stamp.exists() and stamp.read_text() == mark:
        return program
    print(f"… installing the peers of {set}", flush=True)
    uv = ROOT / ".uv" / "bin" / "uv"
    subprocess.run([uv, "venv", "--quiet", "--clear", "--python", python, home], check=True)
    install = [uv, "pip", "install", "--quiet", "--python", program, "-r", source]
    if beside:
        # What both have must be of one version: the project's own packages are seen through a path file.
        install += ["--constraint", LOCKS / "test.lock"]
    subprocess.run(install, check=True)
    if beside:
        own = Path(sysconfig.get_paths()["purelib"])
        site = home / "lib" / own.parent.name / "site-packages"
        # The path files of the project's environment count as well: the project is installed by one.
        (site / "beside.pth").write_text(f"import site; site.addsitedir({str(own)!r})\n", encoding="utf-8")
    stamp.write_text(mark)
    return program


# -- the table -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One figure; ``mark`` is what ``ratio`` must reach (or, ``at_most``, must not pass)."""

    what: str
    ours: float | str
    peer: float | str
    ratio: float
    mark: float | None
    at_most: bool = False

    @property
    def holds(self) -> bool:
        if self.mark is None:
            return True
        return self.ratio <= self.mark if self.at_most else self.ratio >= self.mark


@dataclass
class Table:
    """Figures of one script with their marks."""

    title: str
    rows: list[Row] = field(default_factory=list)

    def row(
        self,
        what: str,
        ours: float | str,
        peer: float | str,
        ratio: float,
        mark: float | None = None,
        *,
        at_most: bool = False,
    ) -> Table:
        """Add a figure; without a mark it is only told."""
        self.rows.append(Row(what, ours, peer, ratio, mark, at_most))
        return self

    def __str__(self) -> str:
        head = ("", "what", "ours", "peer", "ratio", "mark")
        lines = [
            (
                "✓" if row.holds else "✗",
                row.what,
                _number(row.ours),
                _number(row.peer),
                _number(row.ratio),
                "" if row.mark is None else f"{'≤' if row.at_most else '≥'} {_number(row.mark)}",
            )
            for row in self.rows
        ]
        widths = [max(_width(line[i]) for line in (head, *lines)) for i in range(len(head))]
        out = [f"\n{self.title}"]
        for line in (head, *lines):
            cells = [
                cell + " " * (width - _width(cell)) if i < 2 else " " * (width - _width(cell)) + cell
                for i, (cell, width) in enumerate(zip(line, widths, strict=True))
            ]
            out.append("  ".join(cells).rstrip())
        return "\n".join(out)

    def finish(self) -> None:
        """Print, note the figures in ``build/bench.json``, and end with 1 when a mark is missed."""
        print(self, flush=True)
        note(self)
        if not all(row.holds for row in self.rows):
            sys.exit(1)


def note(table: Table) -> None:
    """Keep the figures for ``bench/figures.py``; the ones of a former run under this title are replaced."""
    path = BUILD / "bench.json"
    path.parent.mkdir(exist_ok=True)
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"tables": {}}
    kept["machine"] = machine()
    kept["tables"][table.title] = {
        "script": Path(sys.argv[0]).name,
        "load": round(os.getloadavg()[0], 1),
        "rows": [{**asdict(row), "holds": row.holds} for row in table.rows],
    }
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def machine() -> str:
    """The machine in a few words, without its name."""
    memory = round(psutil.virtual_memory().total / 2**30)
    return f"{os.cpu_count()} cores, {memory} GiB, {platform.system()}, Python {platform.python_version()}"


def _number(value: float | str) -> str:
    if isinstance(value, str):
        return value
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 1 else f"{value:.2f}"


def _width(text: str) -> int:
    return sum(2 if ord(c) > 0x2E7F else 1 for c in text)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(peer_python(name))
