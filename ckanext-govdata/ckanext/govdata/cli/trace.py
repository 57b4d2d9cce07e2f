"""``govdata door trace FILE``: ``ckan govdata door trace`` in the stack's environment."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ckanext.govdata.embedded.environment import portal_environment
from ckanext.govdata.embedded.errors import ServiceFailed
from ckanext.govdata.embedded.home import locate
from ckanext.govdata.embedded.messages import Message
from ckanext.govdata.embedded.portal import tool
from ckanext.govdata.embedded.secrets import load


@click.group()
def door() -> None:
    """有条件数据的网关 / the door to conditional data."""


@door.command("trace")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="给程序读 / for programs.")
def trace(file: Path, as_json: bool) -> None:
    """FILE 是哪项授权取得的 / whose FILE is this, told by the order of its rows."""
    home = locate()
    if not home.secrets_file.is_file():
        raise ServiceFailed(
            Message("尚未启动过。请先执行 govdata up。", "Never started. Run `govdata up` first.")
        )
    more = ["--json"] if as_json else []
    command = [tool("ckan"), "-c", str(home.ini), "govdata", "door", "trace", str(file.resolve()), *more]
    os.execve(command[0], command, portal_environment(home, load(home.secrets_file)))  # noqa: S606
