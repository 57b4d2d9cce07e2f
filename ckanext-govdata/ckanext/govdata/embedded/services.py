"""The services of the stack: what each is called, how it is started, when it is ready, in which order."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from . import ckan_config, licensing, portal, postgres, s3, solr, valkey
from .home import Home
from .messages import Message
from .secrets import Secrets


@dataclass(frozen=True)
class Service:
    """One process under supervision.

    ``port`` is None for a service without one; ``variable`` chooses that port. ``keys`` tells whether the
    process gets the key-encryption key, which only the portal's own processes need, ``ledger`` whether it
    gets the ledger's signing key, which those do not need. A process that ends within ``start_seconds``
    counts as one that did not start.
    """

    name: str
    title: Message
    command: Callable[[Home], list[str]]
    ready: Callable[[Home, Secrets], bool]
    port: Callable[[Home], int] | None = None
    variable: str = "GOVDATA_PORT_BASE"
    stop_signal: str = "TERM"
    stop_seconds: int = 20
    start_seconds: int = 1
    keys: bool = False
    ledger: bool = False
    processes: int = 1


def _postgres_command(home: Home) -> list[str]:
    return postgres.command(postgres.place(home))


def _alive(_home: Home, _secrets: Secrets) -> bool:
    return True  # no port of its own: supervision says whether it runs


def _workers() -> int:
    return int(os.environ.get("GOVDATA_WORKERS") or "2")


STORES: tuple[Service, ...] = (
    Service(
        "postgres",
        Message("PostgreSQL 数据库", "PostgreSQL"),
        _postgres_command,
        lambda home, secrets: postgres.is_ready(postgres.place(home), secrets),
        stop_signal="INT",
        stop_seconds=60,
    ),
    Service(
        "valkey",
        Message("Valkey 会话与队列", "Valkey"),
        valkey.command,
        valkey.is_ready,
        port=lambda home: home.valkey_port,
    ),
    Service(
        "cache",
        Message("Valkey 页面缓存", "Valkey for pages"),
        valkey.cache_command,
        valkey.cache_is_ready,
    ),
    Service(
        "solr",
        Message("Solr 检索", "Solr"),
        solr.command,
        lambda home, _secrets: solr.is_ready(home),
        port=lambda home: home.solr_port,
    ),
    Service(
        "s3",
        Message("S3 对象存储", "S3 object store"),
        s3.command,
        lambda home, _secrets: s3.is_ready(home),
        port=lambda home: home.s3_port,
    ),
)

PORTAL: tuple[Service, ...] = (
    Service(
        "web",
        Message("门户网站", "portal web"),
        portal.web_command,
        lambda home, _secrets: portal.is_ready(home),
        port=lambda home: home.web_port,
        variable="GOVDATA_PORT",
        start_seconds=6,
        keys=True,
    ),
    Service(
        "worker",
        Message("后台任务", "worker"),
        portal.worker_command,
        _alive,
        start_seconds=6,
        keys=True,
        processes=_workers(),
    ),
    Service(
        "scheduler",
        Message("定时任务", "scheduler"),
        portal.scheduler_command,
        _alive,
        start_seconds=6,
        keys=True,
    ),
    Service(
        "sequencer",
        Message("账本记录", "sequencer of the ledger"),
        licensing.sequencer_command,
        _alive,
        start_seconds=3,
        ledger=True,
    ),
)

HARVEST: tuple[Service, ...] = tuple(
    Service(name, title, command, _alive, start_seconds=6)
    for name, title, command in (
        ("gather", Message("采集：列出", "harvest: gather"), portal.gather_command),
        ("fetch", Message("采集：取回", "harvest: fetch"), portal.fetch_command),
    )
)
"""The consumers of the harvester's queues, in an installation that harvests."""

if ckan_config.harvests():
    PORTAL += HARVEST
ALL = STORES + PORTAL
BY_NAME = {service.name: service for service in ALL}
