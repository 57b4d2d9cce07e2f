"""``govdata restart [service …]``."""

from __future__ import annotations

import click

from ckanext.govdata.embedded import stack
from ckanext.govdata.embedded.home import locate
from ckanext.govdata.embedded.messages import Message
from ckanext.govdata.embedded.services import BY_NAME, PORTAL

from .console import Terminal


@click.command()
@click.argument("services", nargs=-1, type=click.Choice(list(BY_NAME)))
@click.pass_obj
def restart(terminal: Terminal, services: tuple[str, ...]) -> None:
    """重启服务,默认门户三个进程 / restart services; by default those of the portal."""
    names = list(services) or [service.name for service in PORTAL]
    listed = " ".join(names)
    with terminal.stage(Message(f"重启 {listed}", f"Restarting {listed}")):
        stack.restart(locate(), names)
