"""``ckan govdata scheduler``: looks every few seconds after what workers have left undone."""

from __future__ import annotations

import logging
import signal
import threading

import click
from ckan import model

from ckanext.govdata import config
from ckanext.govdata.release import failures
from ckanext.govdata.release import scheduler as rounds

log = logging.getLogger(__name__)


@click.command()
@click.option("--once", is_flag=True, help="只执行一轮 / one round, then end.")
def scheduler(once: bool) -> None:
    """收回中断的任务,补做未完成的操作 / dead workers, effects still owed, forgotten uploads."""
    if once:
        click.echo(" ".join(f"{name}={count}" for name, count in rounds.run_once(model.Session).items()))
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    log.info("scheduler: a round every %s s", config.scheduler_interval())
    while not stop.wait(config.scheduler_interval()):
        try:
            rounds.run_once(model.Session)
        except Exception as error:  # noqa: BLE001 - one bad round must not end the scheduler
            log.error("scheduler: a round failed: %s", failures.place_of(error))
            model.Session.rollback()
        finally:
            model.Session.remove()
