"""``govdata status``."""

from __future__ import annotations

import json
from typing import Any

import click
from rich.table import Table

from ckanext.govdata.embedded.home import Home, locate
from ckanext.govdata.embedded.messages import Message
from ckanext.govdata.embedded.secrets import load
from ckanext.govdata.embedded.services import ALL
from ckanext.govdata.embedded.supervision import Supervision

from .console import Terminal

_NOT_READY = 1


def report(home: Home) -> dict[str, Any]:
    """The state of every service: ``ready`` means that it answers, not only that its process lives."""
    processes = Supervision(home).processes()
    secrets = load(home.secrets_file) if home.secrets_file.is_file() else None
    services = []
    for service in ALL:
        mine = [process for process in processes if process.service == service.name]
        running = bool(mine) and all(process.state == "RUNNING" for process in mine)
        services.append(
            {
                "name": service.name,
                "title": service.title._asdict(),
                "state": mine[0].state if mine else "STOPPED",
                "ready": running and secrets is not None and service.ready(home, secrets),
                "pids": [process.pid for process in mine if process.pid],
                "port": service.port(home) if service.port else None,
                "seconds": min((process.seconds for process in mine), default=0),
            }
        )
    return {
        "site_url": home.site_url,
        "home": str(home.root),
        "ini": str(home.ini),
        "ready": all(service["ready"] for service in services),
        "services": services,
    }


@click.command()
@click.option("--json", "as_json", is_flag=True, help="机器可读 / for machines.")
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """各服务的状态;退出码 0 表示全部就绪 / how every service is; exit code 0 when all answer."""
    terminal: Terminal = ctx.obj
    told = report(locate())
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        terminal.console.print(_table(told, terminal.lang))
        terminal.say(
            Message(
                f"地址 {told['site_url']}    目录 {told['home']}", f"{told['site_url']}    {told['home']}"
            )
        )
    ctx.exit(0 if told["ready"] else _NOT_READY)


def _table(told: dict[str, Any], lang: str) -> Table:
    heads = {
        "zh": ("服务", "状态", "应答", "端口", "进程", "已运行"),
        "en": ("service", "state", "answers", "port", "pid", "up for"),
    }
    table = Table(*heads[lang])
    for service in told["services"]:
        table.add_row(
            f"{service['name']}  {service['title'][lang]}",
            service["state"],
            "[green]✓[/green]" if service["ready"] else "[red]✗[/red]",
            str(service["port"] or ""),
            " ".join(map(str, service["pids"])),
            f"{service['seconds']} s",
        )
    return table
