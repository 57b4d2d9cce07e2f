"""Where errors become messages and exit codes, and work becomes a progress bar."""

from __future__ import annotations

import errno
import io
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from anonymize.engines.base import Progress as ProgressCallback
from anonymize.errors import AnonymizeError, SourceUnreadable, WrongUse

P = ParamSpec("P")
R = TypeVar("R")
STAGES = {
    "scan": "识别 scan",
    "desensitise": "脱敏 desensitise",
    "assess": "评估 assess",
    "write": "写出 write",
    "fetch": "下载 fetch",
    "prepare": "准备 prepare",
    "text": "文字 text",
}


_PACKAGE = Path(__file__).parents[1]
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def plain_streams() -> None:
    """Let no character end a run: what a terminal cannot show becomes an escape, and what is written into a
    file or a pipe is UTF-8 whatever the locale says, for it is read by machines."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            told = stream.isatty() or os.environ.get("PYTHONIOENCODING")
            stream.reconfigure(encoding=None if told else "utf-8", errors="backslashreplace")


def fail(error: AnonymizeError) -> None:
    """Both languages on stderr, and the exit code of the error."""
    click.echo(f"错误：{error.zh}\nerror: {error.en}", err=True)
    sys.exit(error.exit_code)


class InternalError(AnonymizeError):
    """A fault of this software: named by its kind and place, never by its words."""

    code = "internal_error"

    @classmethod
    def of(cls, error: Exception) -> InternalError:
        """What may be said of ``error``."""
        frames = traceback.extract_tb(error.__traceback__)
        ours = [f for f in frames if _PACKAGE in Path(f.filename).parents] or list(frames)
        where = f"{Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else "?"
        return cls(
            "软件内部出错（{kind}，{where}）。为防泄露不显示详情；请把括号里的内容告知维护者。",
            "this software failed ({kind}, {where}). Details are not shown, for they may hold data; "
            "tell the maintainers what stands in brackets.",
            kind=type(error).__name__,
            where=where,
        )


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """Turns deliberate errors and unreadable files into a message without a traceback."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except AnonymizeError as error:
            fail(error)
        except BrokenPipeError:
            # Whoever read the answer has seen enough (``| head``): click ends quietly.
            raise
        except OSError as error:
            if error.errno in _FULL:
                fail(
                    WrongUse(
                        "磁盘已满或超出配额，结果不完整。请腾出空间后重新运行。",
                        "The disk is full or a quota is used up; the result is incomplete. Make room first.",
                    )
                )
            fail(
                SourceUnreadable(
                    "文件操作失败（{reason}）：{name}。",
                    "A file could not be used ({reason}): {name}.",
                    reason=error.strerror or type(error).__name__,
                    name=Path(str(error.filename)).name if error.filename else "?",
                )
            )
        except KeyboardInterrupt:
            # Everything below has been unwound: what had no name yet is gone.
            click.echo("\n已停止，没有留下未完成的输出。\nstopped: nothing unfinished was left.", err=True)
            sys.exit(1)
        except (click.ClickException, click.Abort, click.exceptions.Exit):
            raise
        except Exception as error:  # noqa: BLE001  told, with exit code 1
            # The words of a library's error may repeat a cell; where it arose says enough to find the fault.
            fail(InternalError.of(error))
        raise AssertionError("fail() does not return")

    return run


def _unseen(_stage: str, _done: int, _total: int) -> None:
    """Progress where no person looks."""


@contextmanager
def progress_bar() -> Iterator[ProgressCallback]:
    """A callback that draws on stderr for people, and does nothing where no person looks."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _unseen
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as bar:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(STAGES.get(stage, stage), total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield show
