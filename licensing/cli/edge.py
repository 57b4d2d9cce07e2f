"""Where errors become messages and exit codes, and results become text or JSON."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, NoReturn, ParamSpec, TypeVar

import click
from sqlalchemy.exc import DatabaseError, OperationalError

from licensing.core.errors import InvalidInput, LicensingError

P = ParamSpec("P")
R = TypeVar("R")

json_option = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出 / print JSON")


class FileUnusable(InvalidInput):
    """A file cannot be read or written."""

    code = "file_unusable"


def fail(error: LicensingError) -> NoReturn:
    """Both languages on stderr, and the exit code of the error."""
    click.echo(f"错误：{error.zh}\nerror: {error.en}", err=True)
    sys.exit(error.exit_code)


def guarded(command: Callable[P, R]) -> Callable[P, R]:
    """Turns deliberate errors, unusable files and a database that is not there into a message."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except LicensingError as error:
            fail(error)
        except OSError as error:
            fail(
                FileUnusable(
                    "文件或连接无法使用（{reason}）：{name}。",
                    "A file or connection cannot be used ({reason}): {name}.",
                    reason=error.strerror or type(error).__name__,
                    name=Path(str(error.filename)).name if error.filename else "?",
                )
            )
        except (OperationalError, DatabaseError) as error:
            # The message of a database repeats its address and what was to be stored.
            fail(
                LicensingError(
                    "数据库无法使用（{kind}）。请检查 LICENSING_DATABASE，并先运行 licensing migrate。",
                    "The database cannot be used ({kind}). Check LICENSING_DATABASE, run licensing migrate.",
                    kind=type(error).__name__,
                )
            )

    return run


def show(data: Any, as_json: bool, text: Callable[[], str]) -> None:
    """Print ``data`` as JSON for machines, or what ``text`` makes of it for people."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str) if as_json else text())


def secret(variable: str, prompt: str, *, confirm: bool = False) -> str:
    """A passphrase: from the environment, else asked for at the terminal; never an argument.

    Raises:
        InvalidInput: there is neither.
    """
    found = os.environ.get(variable)
    if found is not None:
        return found
    if not sys.stdin.isatty():
        raise InvalidInput(
            "请在环境变量 {name} 中提供口令，或在终端中运行以便输入。",
            "Give the passphrase in {name}, or run this at a terminal to be asked for it.",
            name=variable,
        )
    typed: str = click.prompt(prompt, hide_input=True, confirmation_prompt=confirm, err=True)
    return typed
