"""``licensing jobs``: what falls due by itself: recorded calls into the database, ends of terms."""

from __future__ import annotations

import os
import signal
import threading
from functools import partial

import click
from sqlalchemy.orm import Session

from licensing.agreements import signing as agreements
from licensing.cascade import rounds
from licensing.cascade.transport import HttpTransport
from licensing.cli.edge import guarded, json_option, show
from licensing.filings import service as filings
from licensing.grants import service as grants
from licensing.local.setup import Setup
from licensing.ports import Context
from licensing.usage.drain import Drained, drain


@click.command("jobs")
@click.option("--once", is_flag=True, help="办完一轮就结束 / end after one round")
@click.option("--every", default=10.0, show_default=True, help="间隔秒数 / seconds between rounds")
@json_option
@guarded
def jobs_command(once: bool, every: float, as_json: bool) -> None:
    """到期处理与用量入库 / ends of terms, and recorded calls into the database."""
    setup, stop = Setup(os.environ), threading.Event()
    if not once:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
    while True:
        done = run_round(setup)
        if once or any(done.values()):
            show(done, as_json, partial(_text, done))
        if once or stop.wait(every):
            return


def run_round(setup: Setup) -> dict[str, int]:
    """Everything once, each in a transaction of its own; how many of each kind.

    ``damaged`` are lines of a meter that could not be read; they are kept beside it.
    """
    drained = _bring_in(setup)
    done = {"calls": drained.calls, "damaged": drained.damaged}
    for name, expire in (
        ("grants", grants.expire_due), ("filings", filings.expire_due), ("agreements", _agreements),
    ):  # fmt: skip
        with setup.session() as session, session.begin():
            done[name] = expire(session, setup.machine(session))
    done["forwarded"] = _forward(setup)
    return done


def _forward(setup: Setup) -> int:
    """Messages to other platforms that were signed for; 0 where this one talks to none."""
    key = setup.cascade_key()
    if key is None:
        return 0
    transport = HttpTransport(loopback=setup.cascade_loopback())
    return rounds.run(setup.session, setup.machine, key, transport)


def _agreements(session: Session, ctx: Context) -> int:
    return len(agreements.expire_due(session, ctx))


def _text(done: dict[str, int]) -> str:
    return " ".join(f"{name}={number}" for name, number in done.items())


def _bring_in(setup: Setup) -> Drained:
    folder = setup.meter_folder()
    if folder is None or not folder.is_dir():
        return Drained()
    with setup.session() as session:
        drained = drain(session, setup.machine(session), folder)
        try:
            session.commit()
        except BaseException:
            drained.keep()
            raise
    drained.forget()
    return drained
