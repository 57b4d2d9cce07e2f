"""``ckan govdata …``: the sub-commands that run inside a configured CKAN.

One file a command; add it to the group here.
"""

from __future__ import annotations

import click

from ckanext.govdata.cli.catalogue import catalogue
from ckanext.govdata.cli.demo import demo
from ckanext.govdata.cli.door import door
from ckanext.govdata.cli.harvest import harvest
from ckanext.govdata.cli.officer import officer
from ckanext.govdata.cli.scheduler import scheduler


@click.group(short_help="政务数据开放平台 / the government data portal.")
def govdata() -> None:
    """政务数据开放平台的命令 / commands of the portal that need a configured CKAN."""


govdata.add_command(catalogue)
govdata.add_command(demo)
govdata.add_command(door)
govdata.add_command(harvest)
govdata.add_command(officer)
govdata.add_command(scheduler)


def get_commands() -> list[click.Command]:
    """The commands that CKAN's console adds."""
    return [govdata]
