"""``anonymize tagger``: the weights that find names in free text."""

from __future__ import annotations

import json
from pathlib import Path

import click

from anonymize.cli.edge import guarded, progress_bar
from anonymize.tagger import weights
from anonymize.tagger.errors import WeightsUnavailable


@click.group("tagger")
def tagger_command() -> None:
    """姓名识别模型：查看、获取。The weights that find names in free text: see or fetch them."""


@tagger_command.command("status")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON。Print JSON.")
@guarded
def status(as_json: bool) -> None:
    """模型是否可用。Whether the weights are there; exit code 4 when they are not."""
    whole = weights.is_whole()
    if as_json:
        click.echo(json.dumps({"name": weights.NAME, "installed": whole, "folder": str(weights.folder())}))
    elif whole:
        click.echo(f"可用 installed: {weights.NAME}  {weights.folder()}")
    else:
        click.echo("未安装。运行 anonymize tagger fetch 获取。\nNot installed. Run `anonymize tagger fetch`.")
    if not whole:
        raise click.exceptions.Exit(WeightsUnavailable.exit_code)


@tagger_command.command("fetch")
@click.option(
    "--archive",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="已取得的源码包（内网）。The source archive, when it was brought by hand.",
)
@guarded
def fetch(archive: Path | None) -> None:
    """获取模型并校验，已有则不重复。Fetch and verify the weights; nothing is done when they are there."""
    with progress_bar() as progress:
        place = weights.fetch(progress, archive)
    click.echo(f"可用 installed: {weights.NAME}  {place}")
