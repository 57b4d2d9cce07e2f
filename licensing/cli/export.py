"""``licensing export``: the ledger as JSON Lines, or filings for the national registration platform."""

from __future__ import annotations

import io
import json
import os
from datetime import datetime, timedelta
from typing import BinaryIO

import click

from licensing.cli.edge import guarded
from licensing.core.clock import CHINA
from licensing.core.ledger.export import export
from licensing.filings.export import write_xlsx
from licensing.filings.registrations import registrations
from licensing.local.setup import Setup

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("export")
@click.argument("what", type=click.Choice(["ledger", "registrations"]), default="ledger")
@click.option("--xlsx", is_flag=True, help="登记数据写成工作簿 / registrations as a workbook")
@click.option("--since", type=_DAY, help="受理日期自 / accepted from this day")
@click.option("--until", type=_DAY, help="受理日期至（含当日） / accepted to this day, counted")
@click.option("--out", type=click.File("wb", atomic=True), default="-", help="输出文件 / file")
@click.option("--json", "as_json", is_flag=True, help="每行一个 JSON（默认） / JSON Lines, the default")
@guarded
def export_command(
    what: str, xlsx: bool, since: datetime | None, until: datetime | None, out: BinaryIO, as_json: bool
) -> None:
    """导出账本（不含内容）或国家登记数据 / export the ledger without content, or registrations.

    \b
    ledger         账本，每行一条 / every entry and checkpoint, one a line
    registrations  发改数据规〔2025〕26号的登记数据 / what the national registration platform asks for
    """
    if xlsx and (as_json or what == "ledger"):
        raise click.UsageError("--xlsx 只用于 registrations / --xlsx is for registrations only")
    if what == "ledger" and (since or until):
        raise click.UsageError("账本总是整本导出 / the ledger is exported whole")
    with Setup(os.environ).session() as session:
        if what == "ledger":
            for line in export(session):
                out.write(line)
            return
        first = since.replace(tzinfo=CHINA) if since else None
        last = until.replace(tzinfo=CHINA) + timedelta(days=1) if until else None
        found = registrations(session, since=first, until=last)
        if xlsx:
            book = io.BytesIO()
            write_xlsx(book, found)
            out.write(book.getvalue())
            return
        for each in found:
            out.write(json.dumps(each, ensure_ascii=False).encode() + b"\n")
