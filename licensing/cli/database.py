"""``licensing migrate``: bring the tables up to date."""

from __future__ import annotations

import os

import click

from licensing.cli.edge import guarded, json_option, show
from licensing.local.setup import Setup
from licensing.migrations import upgrade


@click.command("migrate")
@json_option
@guarded
def migrate_command(as_json: bool) -> None:
    """建表或升级 / create the tables or bring them up to date."""
    upgrade(Setup(os.environ).engine())
    show({"migrated": True}, as_json, lambda: "已是最新 / up to date")
