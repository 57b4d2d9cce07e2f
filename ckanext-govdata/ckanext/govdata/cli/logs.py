"""``govdata logs [service] [-f]``."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from ckanext.govdata.embedded import stack
from ckanext.govdata.embedded.home import locate
from ckanext.govdata.embedded.services import BY_NAME

from .console import Terminal

_POLL = 0.5


@click.command()
@click.argument("service", required=False, type=click.Choice([*BY_NAME, "supervisord"]))
@click.option("-f", "--follow", is_flag=True, help="继续显示新内容 / keep printing what is added.")
@click.option("-n", "--lines", default=40, show_default=True, help="行数 / how many lines.")
@click.pass_obj
def logs(terminal: Terminal, service: str | None, follow: bool, lines: int) -> None:
    """显示日志 / show the logs."""
    home = locate()
    names = [service] if service else list(BY_NAME)
    paths = [home.logs / f"{name}.log" for name in names]
    for path in paths:
        if len(paths) > 1:
            terminal.console.rule(path.stem)
        click.echo(stack.tail(path, lines if len(paths) == 1 else max(5, lines // 4)))
    if follow:
        _follow(paths)


def _follow(paths: list[Path]) -> None:
    at = {path: path.stat().st_size if path.is_file() else 0 for path in paths}
    while True:
        for path, before in at.items():
            size = path.stat().st_size if path.is_file() else 0
            offset = before if size >= before else 0  # a shorter file was rotated
            if size > offset:
                with path.open("rb") as stream:
                    stream.seek(offset, os.SEEK_SET)
                    click.echo(stream.read(size - offset).decode("utf-8", "replace"), nl=False)
            at[path] = size
        time.sleep(_POLL)
