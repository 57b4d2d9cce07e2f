"""``anonymize key``: by what a named key is known, without showing it."""

from __future__ import annotations

import json

import click

from anonymize.cli.edge import guarded
from anonymize.cli.keys import takes_keys
from anonymize.keys import KeyRing


@click.command("key")
@click.argument("name", metavar="NAME")
@click.option("--json", "as_json", is_flag=True, help="机器可读的输出。Machine-readable output.")
@takes_keys
@guarded
def key_command(name: str, as_json: bool, keys: KeyRing) -> None:
    """显示指名密钥的校验值，写入方案的 key_check；密钥本身不显示。

    Print the check value of a named key, for key_check of a policy. The key itself is not shown.
    """
    check = keys.bind(name).check()
    click.echo(json.dumps({"name": name, "check": check}) if as_json else f'key_check: "{check}"')
