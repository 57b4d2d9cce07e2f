"""``govdata catalogue …``: commands of the portal, run in the stack's environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from ckanext.govdata.embedded.environment import portal_environment
from ckanext.govdata.embedded.errors import ServiceFailed
from ckanext.govdata.embedded.home import locate
from ckanext.govdata.embedded.messages import Message
from ckanext.govdata.embedded.secrets import load


@click.command("catalogue", context_settings={"ignore_unknown_options": True}, add_help_option=False)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def catalogue(arguments: tuple[str, ...]) -> None:
    """导入、导出部门目录 / import or export a department's catalogue."""
    home = locate()
    if not home.secrets_file.is_file():
        raise ServiceFailed(
            Message("尚未启动过。请先执行 govdata up。", "Never started. Run `govdata up` first.")
        )
    ckan = str(Path(sys.executable).with_name("ckan"))
    command = [ckan, "-c", str(home.ini), "govdata", "catalogue", *arguments]
    environment = portal_environment(home, load(home.secrets_file))
    os.execvpe(ckan, command, environment)  # noqa: S606 - the operator's own command
