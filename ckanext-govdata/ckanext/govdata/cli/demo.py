"""``ckan govdata demo``: load the demonstration, or write its tables as files."""

from __future__ import annotations

import logging
from pathlib import Path

import click


@click.group()
def demo() -> None:
    """演示数据 / the demonstration."""


@click.group(name="demo")
def demo_files() -> None:
    """演示数据 / the demonstration, as far as it needs no running portal."""


@demo.command()
@click.option(
    "--run-json",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="写入地址、账号和数据集的文件 / file for address, accounts and datasets.",
)
def load(run_json: Path) -> None:
    """装载演示数据，可重复运行 / load the demonstration; may be run again."""
    from ckanext.govdata.demo import load as loading  # models need a loaded CKAN

    logging.getLogger("ckan").setLevel(logging.WARNING)
    loading.load(run_json, say=lambda line: click.echo(f"  {line}"))


@demo.command()
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="目标文件夹 / folder to write to.",
)
@click.option("--rows", type=click.IntRange(min=1), help="每张表最多的行数 / at most this many rows a table.")
@click.option("--seed", type=int, default=7, show_default=True, help="随机种子 / seed.")
def files(out: Path, rows: int | None, seed: int) -> None:
    """把演示用的原始表写成文件 / write the raw tables as files."""
    from ckanext.govdata.demo import files as demo_files

    for path in demo_files.write(out, seed=seed, rows=rows):
        click.echo(str(path))


demo_files.add_command(files)
