"""Files that take their names together: after a run all of them are there, or none has changed.

Each file first stands beside its place under a hidden name, then a journal says which is to take which name,
and only then are they renamed. What fails in between is taken back; what is killed in between is finished by
the next run in this folder, which finds the journal. (A renamed folder would do it in one step, but people
keep other files in theirs.) The journal holds names of files only.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from anonymize.cli.unnamed import Unnamed
from anonymize.errors import WrongUse

_JOURNAL = ".anonymize-commit"
_HIDDEN = ".anonymize-" + "[0-9a-f]" * 8 + "-*"
"""Short, so that a name as long as the file system takes still has one beside it."""


class _Move(NamedTuple):
    """``ready`` takes the place of ``target``, of which ``before`` is a second name while it is needed."""

    ready: Path
    target: Path
    before: Path


def keep_together(files: Sequence[Unnamed], folder: Path) -> None:
    """Give all files their names, in the place of earlier ones.

    Args:
        files: open; each in a folder that exists.
        folder: where the journal stands while it is needed, and where the next run looks for it.

    Raises:
        WrongUse: a name cannot be taken; the earlier files are all as they were.
    """
    with _alone_in(folder):
        _finish(folder)
        token = secrets.token_hex(4)
        moves: list[_Move] = []
        at = folder
        try:
            for file in files:
                at = file.target
                moves.append(_move(at, f"{token}-{len(moves)}"))
                file.stand_by(moves[-1].ready)
                with suppress(FileNotFoundError):
                    os.link(moves[-1].target, moves[-1].before)
            at = folder
            _write_journal(folder, moves, token)
        except BaseException as error:
            _clear(moves)
            raise _told(error, at) from error
        try:
            for move in moves:
                at = move.target
                move.ready.replace(move.target)
        except BaseException as error:
            # An earlier file comes back under its second name; where there was none, nothing stays.
            for move in moves:
                if move.before.exists():
                    move.before.replace(move.target)
                elif not move.ready.exists():
                    move.target.unlink(missing_ok=True)
            _end(folder, moves)
            raise _told(error, at) from error
        _end(folder, moves)


def finish(folder: Path) -> None:
    """Finish what a killed run had begun in this folder, and clear away what it had not."""
    if any(folder.glob(_HIDDEN)) or (folder / _JOURNAL).exists():
        with _alone_in(folder):
            _finish(folder)


def _finish(folder: Path) -> None:
    journal = folder / _JOURNAL
    with suppress(FileNotFoundError):
        moves = [_Move(*map(Path, names)) for names in json.loads(journal.read_text("utf-8"))]
        for move in moves:
            with suppress(FileNotFoundError):  # this one had its name already
                move.ready.replace(move.target)
        _end(folder, moves)
    # Killed before there was a journal: nothing has changed its name, and nothing will.
    for left in folder.glob(_HIDDEN):
        left.unlink(missing_ok=True)


def _move(target: Path, token: str) -> _Move:
    # Absolute: the next run may be started elsewhere.
    place = target.absolute()
    ready, before = (place.with_name(f".anonymize-{token}.{part}") for part in ("ready", "before"))
    return _Move(ready, place, before)


def _write_journal(folder: Path, moves: Sequence[_Move], token: str) -> None:
    ready = folder / f".anonymize-{token}-journal"
    with Unnamed(folder / _JOURNAL, 0o600) as journal:
        journal.stream.write(json.dumps([[str(path) for path in move] for move in moves]).encode())
        journal.stand_by(ready)
    try:
        ready.replace(folder / _JOURNAL)
    except BaseException:
        ready.unlink(missing_ok=True)
        raise


def _end(folder: Path, moves: Sequence[_Move]) -> None:
    """The names are on the disk before the journal goes."""
    for place in {move.target.parent for move in moves}:
        _settle(place)
    (folder / _JOURNAL).unlink(missing_ok=True)
    _clear(moves)


def _clear(moves: Sequence[_Move]) -> None:
    for move in moves:
        move.ready.unlink(missing_ok=True)
        move.before.unlink(missing_ok=True)


def _told(error: BaseException, target: Path) -> BaseException:
    if not isinstance(error, OSError):
        return error
    return WrongUse(
        "输出不能写到 {name}（{reason}），原有文件均未改动。请检查目录及其权限。",
        "The outputs cannot be given their names ({name}: {reason}); the earlier files are as they were. "
        "Check the folder and its permissions.",
        name=target.name,
        reason=error.strerror or type(error).__name__,
    )


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """One run at a time gives names in a folder; another waits for the moment that takes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
