"""``licensing export``: the ledger as JSON Lines."""

from __future__ import annotations

import os
from typing import BinaryIO

import click

from licensing.cli.edge import guarded
from licensing.core.ledger.export import export
from licensing.local.setup import Setup


@click.command("export")
@click.option("--out", type=click.File("wb", atomic=True), default="-", help="输出文件 / file")
@guarded
def export_command(out: BinaryIO) -> None:
    """导出账本（不含内容） / export the ledger, without any content."""
    with Setup(os.environ).session() as session:
        for line in export(session):
            out.write(line)
