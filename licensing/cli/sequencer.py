"""``licensing sequencer``: chain what is pending, give witnesses their checkpoints, tidy up."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path

import click

from licensing.cli.edge import guarded, json_option
from licensing.core.ledger.checkpoint import Ed25519Signer, Signer
from licensing.core.ledger.sequencer import BATCH, run_once
from licensing.core.ledger.witness import FileWitness, publish
from licensing.http.idempotency import forget_expired
from licensing.local.setup import Setup


@click.command("sequencer")
@click.option("--once", is_flag=True, help="处理完待入链的就结束 / end when nothing is pending")
@click.option(
    "--witness", "witnesses", multiple=True, type=click.Path(dir_okay=False, path_type=Path),
    help="检查点另存于此，应在另一台机器上 / keep checkpoints here too, best on another machine",
)  # fmt: skip
@click.option("--every", default=1.0, show_default=True, help="间隔秒数 / seconds between runs")
@click.option("--with-parent", is_flag=True, help="标准输入关闭时结束 / end when standard input is closed")
@json_option
@guarded
def sequencer_command(
    once: bool, witnesses: tuple[Path, ...], every: float, with_parent: bool, as_json: bool
) -> None:
    """账本记录程序，需要 LICENSING_LEDGER_KEY / the ledger's sequencer."""
    setup, signer = Setup(os.environ), Ed25519Signer.from_environment(os.environ)
    stop = threading.Event()
    if not once:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    if with_parent:
        threading.Thread(target=_follow_parent, args=(stop,), daemon=True).start()
    while True:
        chained = _round(setup, signer, witnesses)
        if chained:
            click.echo(json.dumps({"chained": chained}) if as_json else f"+{chained}")
        if once and not chained:
            return
        if stop.wait(0 if once or chained >= BATCH else every):
            return


def _follow_parent(stop: threading.Event) -> None:
    """Wait until whoever started this has gone, however it went."""
    while sys.stdin.buffer.read(1024):
        pass
    stop.set()


def _round(setup: Setup, signer: Signer, witnesses: tuple[Path, ...]) -> int:
    with setup.session() as session:
        with session.begin():
            batch = run_once(session, signer, setup.time)
            forget_expired(session, setup.time.now())
        with session.begin():
            for path in witnesses:
                publish(session, FileWitness(path))
    return batch.last - batch.first + 1 if batch else 0
