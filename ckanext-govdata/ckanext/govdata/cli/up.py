"""``govdata up``."""

from __future__ import annotations

import click

from ckanext.govdata.embedded import stack
from ckanext.govdata.embedded.home import locate
from ckanext.govdata.embedded.messages import Message

from .console import Terminal


@click.command()
@click.pass_obj
def up(terminal: Terminal) -> None:
    """启动全部服务 / start everything and wait until it answers."""
    home = locate()
    stack.up(home, terminal)
    terminal.say(Message(f"系统已就绪:{home.site_url}", f"Ready: {home.site_url}"), style="bold green")
