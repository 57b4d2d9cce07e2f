"""``anonymize scan``: what each column holds."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.console import Console
from rich.table import Table as RichTable

from anonymize.cli.edge import guarded, progress_bar
from anonymize.cli.source import Reading, reads_a_source
from anonymize.detect import scan
from anonymize.findings import Findings
from anonymize.report import findings_as_dict


@click.command("scan")
@reads_a_source
@click.option("--json", "as_json", is_flag=True, help="机器可读的输出。Machine-readable output.")
@guarded
def scan_command(reading: Reading, as_json: bool) -> None:
    """识别每一列的内容，不显示任何单元格。Say what each column holds, without showing a cell."""
    with progress_bar() as progress:
        findings = scan(reading.open(), progress=progress)
    if as_json:
        click.echo(json.dumps(findings_as_dict(findings), ensure_ascii=False, indent=2))
    else:
        _show(findings)


def _show(findings: Findings) -> None:
    table = RichTable(title=f"{findings.source.name} · {findings.source.rows} 行 rows")
    for header in ("列 column", "类别 kind", "实体 entity", "占比 share", "建议 proposed", "理由 reason"):
        table.add_column(header)
    for column in findings.columns:
        values: tuple[Any, ...] = (
            column.name,
            column.kind,
            column.entity or "",
            f"{column.share:.0%}",
            column.proposed.name,
            column.reason.zh,
        )
        table.add_row(*map(str, values))
    Console().print(table)
    if findings.secret_marking is not None:
        click.echo(f"{findings.secret_marking.zh}\n{findings.secret_marking.en}", err=True)
