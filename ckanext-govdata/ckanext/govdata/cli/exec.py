"""``govdata exec COMMAND…``: runs a command with the stack's configuration and keys in its environment."""

from __future__ import annotations

import os

import click

from ckanext.govdata.embedded.environment import portal_environment
from ckanext.govdata.embedded.errors import ServiceFailed
from ckanext.govdata.embedded.home import locate
from ckanext.govdata.embedded.messages import Message
from ckanext.govdata.embedded.secrets import load


@click.command("exec", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def execute(command: tuple[str, ...]) -> None:
    """在系统环境中执行命令,如 govdata exec ckan --help / run a command in the stack's environment."""
    home = locate()
    if not home.secrets_file.is_file():
        raise ServiceFailed(
            Message("尚未启动过。请先执行 govdata up。", "Never started. Run `govdata up` first.")
        )
    environment = portal_environment(home, load(home.secrets_file))
    os.execvpe(command[0], list(command), environment)  # noqa: S606 - the operator's own command
