"""``govdata destroy``."""

from __future__ import annotations

import shutil

import click

from ckanext.govdata.embedded import postgres, stack
from ckanext.govdata.embedded.home import locate
from ckanext.govdata.embedded.messages import Message

from .console import Terminal


@click.command()
@click.option("--yes", is_flag=True, help="不再询问 / do not ask.")
@click.pass_obj
def destroy(terminal: Terminal, yes: bool) -> None:
    """停止并删除本安装的全部数据和密钥 / stop, and remove all data and keys of this installation."""
    home = locate()
    if not home.root.is_dir():
        return
    question = Message(
        f"将永久删除 {home.root} 的全部数据，继续吗？", f"Remove all data in {home.root} for good?"
    )
    if not yes:
        click.confirm(question.within(terminal.lang), abort=True)
    stack.down(home)
    if home.settings_file.is_file():
        outside = postgres.place(home).data.parent
        for folder in (outside, home.run, home.tmp, home.root):
            shutil.rmtree(folder, ignore_errors=True)
    terminal.say(Message("已删除。", "Removed."))
