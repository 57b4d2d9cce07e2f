"""``govdata up``."""

from __future__ import annotations

import click

from ckanext.govdata.embedded import demo, stack
from ckanext.govdata.embedded.home import locate
from ckanext.govdata.embedded.messages import Message

from .console import Terminal
from .welcome import welcome


@click.command()
@click.option("--demo", "with_demo", is_flag=True, help="载入演示数据 / load the demo data (once).")
@click.pass_obj
def up(terminal: Terminal, with_demo: bool) -> None:
    """启动全部服务 / start everything and wait until it answers."""
    home = locate()
    stack.up(home, terminal)
    if with_demo and not demo.is_loaded(home):
        terminal.say(Message("… 载入演示数据（40 个部门）", "… loading the demo data (40 departments)"))
        demo.load_demo(home)
    if demo.is_loaded(home):
        welcome(terminal, home)
    else:
        terminal.say(Message(f"系统已就绪：{home.site_url}", f"Ready: {home.site_url}"), style="bold green")
