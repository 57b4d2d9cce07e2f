"""``govdata jars``: the lock of Java archives."""

from __future__ import annotations

import click

from ckanext.govdata.embedded import jarlock
from ckanext.govdata.embedded import jars as archives
from ckanext.govdata.embedded.messages import Message

from .console import Terminal


@click.group()
def jars() -> None:
    """Java 组件 / the Java archives of the stack."""


@jars.command()
@click.pass_obj
def lock(terminal: Terminal) -> None:
    """重新下载并计算校验值,写回 jars.lock / download afresh, hash, and rewrite jars.lock."""
    every = [jar for group in jarlock.read().values() for jar in group]
    with terminal.stage(
        Message(f"下载并计算 {len(every)} 个组件", f"Downloading and hashing {len(every)} archives")
    ):
        fresh = archives.relock(every)
    jarlock.LOCK.write_text(
        jarlock.rewrite(jarlock.LOCK.read_text(encoding="utf-8"), fresh), encoding="utf-8"
    )


@jars.command()
@click.pass_obj
def fetch(terminal: Terminal) -> None:
    """下载全部组件到缓存 / bring all archives into the cache."""
    every = [jar for group in jarlock.read().values() for jar in group]
    wanted = archives.missing(every)
    title = Message("下载 Java 组件", "Fetching Java archives")
    with terminal.bytes(title, sum(jar.size for jar in wanted)) as advance:
        archives.fetch_all(wanted, advance)
