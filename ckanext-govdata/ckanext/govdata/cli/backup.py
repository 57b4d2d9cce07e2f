"""``govdata backup DIR``, ``govdata backup verify DIR``, ``govdata backup prune DIR``."""

from __future__ import annotations

from pathlib import Path

import click

from ckanext.govdata.backup import take as taking
from ckanext.govdata.backup import verify as verifying
from ckanext.govdata.embedded.errors import ServiceFailed
from ckanext.govdata.embedded.home import Home, locate
from ckanext.govdata.embedded.messages import Message
from ckanext.govdata.embedded.secrets import Secrets, load_or_make

from .console import Terminal

_FOLDER = click.Path(file_okay=False, path_type=Path)


class _Taking(click.Group):
    """A first word that is no sub-command is the folder of a backup to take."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            args = ["take", *args]
        return super().resolve_command(ctx, args)


@click.group("backup", cls=_Taking)
def backup() -> None:
    """备份：govdata backup 目录；校验：backup verify 目录 / take, verify and prune backups."""


@backup.command("take", hidden=True)
@click.argument("folder", type=_FOLDER)
@click.pass_obj
def take(terminal: Terminal, folder: Path) -> None:
    """在 FOLDER 中增加一个恢复点,系统照常运行 / one more point of recovery; the stack keeps running."""
    home = locate()
    made = taking.take(home, _secrets(home), folder.absolute(), terminal)
    terminal.say(
        Message(
            f"备份 {made.name} 已完成：时点 {made.at.isoformat()}，用时 {made.seconds:.1f} 秒，"
            f"共 {made.size:,} 字节，本次新读取对象 {made.read:,} 字节。密钥不在备份中，请另行保管 "
            f"{home.secrets_file.name}。",
            f"Backup {made.name}: point of recovery {made.at.isoformat()}, {made.seconds:.1f} s, "
            f"{made.size:,} bytes in all, {made.read:,} bytes of objects read. It holds no keys: keep "
            f"{home.secrets_file.name} elsewhere.",
        )
    )


@backup.command("verify")
@click.argument("folder", type=_FOLDER)
@click.option("--point", help="恢复点名称，默认最新 / name of the point, the newest by default.")
@click.pass_obj
def verify(terminal: Terminal, folder: Path, point: str | None) -> None:
    """逐字节校验一个恢复点 / read a point whole."""
    found = verifying.verify(folder.absolute(), point, _secrets(locate()))
    terminal.say(
        Message(
            f"✓ 备份 {found.content['id']} 完整：时点 {found.content['at']}，{found.files} 个文件，"
            f"{found.size:,} 字节。",
            f"✓ Backup {found.content['id']} is whole: point of recovery {found.content['at']}, "
            f"{found.files} files, {found.size:,} bytes.",
        )
    )


@backup.command("prune")
@click.argument("folder", type=_FOLDER)
@click.option("--keep", type=click.IntRange(1), required=True, help="保留最新的几个 / how many to keep.")
@click.pass_obj
def prune(terminal: Terminal, folder: Path, keep: int) -> None:
    """只保留最新的几个恢复点 / remove all but the newest points."""
    gone, freed = verifying.prune(folder.absolute(), keep, _secrets(locate()))
    terminal.say(
        Message(
            f"删除 {gone} 个恢复点，释放 {freed:,} 字节。", f"{gone} points removed, {freed:,} bytes freed."
        )
    )


def _secrets(home: Home) -> Secrets:
    if not home.secrets_file.is_file():
        raise ServiceFailed(
            Message(f"{home.root} 中没有密钥文件 secrets.json。", f"There is no secrets.json in {home.root}.")
        )
    return load_or_make(home.secrets_file)  # a key that came with a newer version is made once, not each time
