"""``ckan govdata door``: commands of the door to conditional data."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.group(short_help="有条件数据的网关 / the door to conditional data.")
def door() -> None:
    """有条件数据的网关 / the door to conditional data."""


@door.command("trace")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="给程序读 / for programs.")
def trace_file(file: Path, as_json: bool) -> None:
    """FILE 是哪项授权取得的:按行的次序查验 / whose FILE is this, by the order of its rows.

    至少需要连续的 1000 行。找到时退出码为 0,没有找到为 6 / exit code 6 when nothing is found.
    """
    from anonymize.errors import AnonymizeError
    from ckanext.govdata.door.trace import trace
    from licensing.core.errors import LicensingError

    try:
        found = trace(file)
    except (AnonymizeError, LicensingError) as error:
        click.echo(f"{error.zh} {error.en}", err=True)
        raise SystemExit(2) from None
    if as_json:
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False, default=str))
    else:
        click.echo(f"{found.rows} 行 rows  sha256 {found.sha256}")
        for row in found.downloads:
            click.echo(f"下载记录 download {row['id']}  {row['agreement']}  {row['holder']}  {row['at']}")
        for each in found.grants:
            click.echo(
                f"标记 mark  {each.agreement}  授权 grant {each.grant}  使用方 holder {each.holder}  "
                f"{each.right}/{each.asked}  误判概率 chance ≤ {each.chance:.0e}"
            )
    if not found.grants and not found.downloads:
        click.echo("没有找到标记。 No mark was found.", err=True)
        raise SystemExit(6)
