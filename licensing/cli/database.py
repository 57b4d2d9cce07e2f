"""``licensing migrate``: bring the tables up to date."""

from __future__ import annotations

import os

import click

from licensing.cli.edge import guarded, json_option, show
from licensing.local.setup import Setup
from licensing.migrations import upgrade
from licensing.migrations.grants import grant


@click.command("migrate")
@click.option(
    "--grant", "role", help="授权给门户使用的数据库角色，账本表只可追加 / the role that the portal works as"
)
@json_option
@guarded
def migrate_command(role: str | None, as_json: bool) -> None:
    """建表或升级 / create the tables or bring them up to date."""
    with Setup(os.environ).engine().begin() as connection:
        upgrade(connection)
        if role is not None:
            grant(connection, role)
    show({"migrated": True}, as_json, lambda: "已是最新 / up to date")
