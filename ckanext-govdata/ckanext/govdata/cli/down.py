"""``govdata down``."""

from __future__ import annotations

import click

from ckanext.govdata.embedded import stack
from ckanext.govdata.embedded.home import locate
from ckanext.govdata.embedded.messages import Message

from .console import Terminal


@click.command()
@click.pass_obj
def down(terminal: Terminal) -> None:
    """停止全部服务,不丢数据 / stop everything; nothing is lost."""
    home = locate()
    with terminal.stage(Message("停止全部服务", "Stopping everything")):
        stopped = stack.down(home)
    if stopped:
        terminal.say(
            Message("已停止，数据保留在 " + str(home.root), f"Stopped; the data stay in {home.root}")
        )
    else:
        terminal.say(Message("没有正在运行的服务。", "Nothing was running."))
