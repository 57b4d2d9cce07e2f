"""Files of one run take their names together, whatever stops the run."""

from __future__ import annotations

import json
import os
import signal
import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from anonymize.cli.together import finish, keep_together
from anonymize.cli.unnamed import Unnamed
from anonymize.errors import WrongUse

NAMES = ("a.csv", "b.json", "c.xlsx", "report.json")


def held(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(folder.iterdir()) if path.name[0] != "."}


def hidden(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name[0] == "."]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An earlier edition of two of the files, and somebody else's."""
    folder = tmp_path / "out"
    folder.mkdir()
    for name in ("a.csv", "b.json", "theirs.txt"):
        (folder / name).write_text("old")
    return folder


OLD = {"a.csv": "old", "b.json": "old", "theirs.txt": "old"}
NEW = {**dict.fromkeys(NAMES, "new"), "theirs.txt": "old"}


@pytest.fixture
def files(out: Path) -> Iterator[list[Unnamed]]:
    with ExitStack() as opened:
        made = [opened.enter_context(Unnamed(out / name)) for name in NAMES]
        for file in made:
            file.stream.write(b"new")
        yield made


def test_all_files_take_their_names_and_nothing_is_left_beside_them(
    out: Path, files: Sequence[Unnamed]
) -> None:
    assert held(out) == OLD
    keep_together(files, out)
    assert held(out) == NEW
    assert hidden(out) == []


@pytest.mark.parametrize("nth", range(len(NAMES) + 1))
@pytest.mark.parametrize("error", [OSError(13, "no"), KeyboardInterrupt()])
def test_a_rename_that_fails_takes_back_those_before_it(
    out: Path, files: Sequence[Unnamed], monkeypatch: pytest.MonkeyPatch, nth: int, error: BaseException
) -> None:
    done = os.replace
    left = nth  # the journal's own is the first

    def sometimes(*args: object, **kwargs: object) -> None:
        nonlocal left
        if left == 0:
            left = -1
            raise error
        left -= 1
        done(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "replace", sometimes)
    with pytest.raises(WrongUse if isinstance(error, OSError) else KeyboardInterrupt):
        keep_together(files, out)
    assert held(out) == OLD
    assert hidden(out) == []


def test_a_target_that_is_a_folder_leaves_the_earlier_files(out: Path, files: Sequence[Unnamed]) -> None:
    (out / "c.xlsx").mkdir()
    with pytest.raises(WrongUse) as refused:
        keep_together(files, out)
    assert "c.xlsx" in refused.value.zh
    (out / "c.xlsx").rmdir()
    assert held(out) == OLD
    assert hidden(out) == []


def kept_until(out: Path, call: str, after: int) -> int:
    """The status of a process that keeps the files and is killed at a call of the operating system."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # threads: the child uses none
        process = os.fork()
    if process:
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    done, left = getattr(os, call), after

    def counted(*args: object, **kwargs: object) -> None:
        nonlocal left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        done(*args, **kwargs)

    try:
        setattr(os, call, counted)
        made = [Unnamed(out / name) for name in NAMES]
        for file in made:
            file.stream.write(b"new")
        keep_together(made, out)
        os._exit(0)
    finally:
        os._exit(1)


@pytest.mark.parametrize("call", ["link", "replace"])
@pytest.mark.parametrize("after", range(len(NAMES) + 4))
def test_a_run_that_is_killed_is_finished_or_forgotten_as_a_whole(out: Path, call: str, after: int) -> None:
    status = kept_until(out, call, after)
    assert status in (0, -signal.SIGKILL)
    finish(out)
    assert held(out) == NEW if status == 0 else held(out) in (OLD, NEW)
    assert hidden(out) == []


def test_the_next_run_finishes_what_was_killed_before_it_begins(out: Path, files: Sequence[Unnamed]) -> None:
    assert kept_until(out, "replace", 2) == -signal.SIGKILL
    assert held(out) not in (OLD, NEW)
    keep_together(files, out)
    assert held(out) == NEW
    assert hidden(out) == []


def test_the_journal_names_files_and_holds_nothing_else(
    out: Path, files: Sequence[Unnamed], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    done = os.replace

    def looked(*args: object, **kwargs: object) -> None:
        seen.extend(path.read_text() for path in out.glob(".anonymize-commit"))
        done(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "replace", looked)
    keep_together(files, out)
    moves = json.loads(seen[0])
    assert [Path(target).name for _, target, _ in moves] == list(NAMES)
    assert all(Path(path).parent == out for move in moves for path in move)


def test_a_name_as_long_as_the_file_system_takes_is_kept(tmp_path: Path) -> None:
    name = "低" * 83 + ".csv"
    with Unnamed(tmp_path / name) as file:
        file.stream.write(b"new")
        keep_together([file], tmp_path)
    assert held(tmp_path) == {name: "new"}


def test_without_unnamed_files_it_is_the_same(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "O_TMPFILE", raising=False)
    with ExitStack() as opened:
        made = [opened.enter_context(Unnamed(out / name)) for name in NAMES]
        for file in made:
            file.stream.write(b"new")
        keep_together(made, out)
    assert held(out) == NEW
    assert hidden(out) == []
