"""``ckan govdata …``: the sub-commands that run inside a configured CKAN."""

from __future__ import annotations

import click


@click.group(short_help="Government data portal.")
def govdata() -> None:
    """Commands of the portal that need a configured CKAN."""


def get_commands() -> list[click.Command]:
    """The commands that CKAN's console adds."""
    return [govdata]
