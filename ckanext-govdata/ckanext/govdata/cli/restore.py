"""``govdata restore DIR``."""

from __future__ import annotations

import shutil
from datetime import datetime, timezone
from pathlib import Path

import click

from ckanext.govdata.backup import restore as restoring
from ckanext.govdata.embedded.home import locate
from ckanext.govdata.embedded.messages import Message

from .console import Terminal


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--point", help="恢复点名称，默认最新 / name of the point, the newest by default.")
@click.option(
    "--replace", is_flag=True, help="替换现有数据 / put it in the place of the data that are there."
)
@click.option("--keep", is_flag=True, help="保留被替换的数据 / keep what was replaced.")
@click.option(
    "--witness", "witnesses", multiple=True, help="另存的账本见证 / a witness kept elsewhere.",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)  # fmt: skip
@click.pass_obj
def restore(
    terminal: Terminal,
    folder: Path,
    point: str | None,
    replace: bool,
    keep: bool,
    witnesses: tuple[Path, ...],
) -> None:
    """从备份恢复并启动 / bring a backup back and start; verified before anything is touched."""
    home = locate()
    done = restoring.restore(
        home, folder.absolute(), terminal, point=point, replace=replace, witnesses=witnesses
    )
    if not keep:
        for old in done.aside:
            shutil.rmtree(old)
    age = datetime.now(timezone.utc) - done.at
    hours = age.total_seconds() / 3600
    terminal.say(
        Message(
            f"已恢复到 {done.at.isoformat()}（RPO：{hours:.2f} 小时前），RTO：{done.seconds:.1f} 秒；"
            f"账本 {done.entries} 条，已对照见证校验；对象 {done.objects} 个。",
            f"Restored to {done.at.isoformat()} (RPO: {hours:.2f} hours ago) in RTO: {done.seconds:.1f} s; "
            f"{done.entries} ledger entries verified against the witness, {done.objects} objects.",
        )
    )
    if done.lost:
        terminal.warn(
            Message(
                f"见证显示，恢复点之后账本另有 {done.lost} 条记录已丢失。",
                f"The witness remembers {done.lost} ledger entries after this point: they are lost.",
            )
        )
