"""``licensing serve``: the interface without CKAN."""

from __future__ import annotations

import os
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from licensing.cli.edge import guarded
from licensing.local.setup import Setup
from licensing.signatures.authority.web import authority_blueprint
from licensing.web import blueprint


def application(setup: Setup) -> Flask:
    """The interface and, when there is one, the small authority."""
    app = Flask("licensing")
    app.register_blueprint(blueprint(setup.settings()))
    if setup.environment.get("LICENSING_CA"):
        app.register_blueprint(authority_blueprint(*setup.authority()))
    return app


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(self, setup: Setup, bind: str, workers: int) -> None:
        self._setup, self._bind, self._workers = setup, bind, workers
        super().__init__()

    def load_config(self) -> None:
        self.cfg.set("bind", self._bind)
        self.cfg.set("workers", self._workers)
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("threads", 4)

    def load(self) -> Any:
        # In the worker: connections are not shared with the parent.
        return application(self._setup)


@click.command("serve")
@click.option("--bind", default="127.0.0.1:8008", show_default=True, help="地址和端口 / address and port")
@click.option("--workers", default=2, show_default=True, help="进程数 / processes")
@guarded
def serve_command(bind: str, workers: int) -> None:
    """独立运行接口 / serve the interface."""
    setup = Setup(os.environ)
    for name in ("LICENSING_DATABASE", "LICENSING_STORAGE"):
        setup.text(name)
    setup.rules()
    setup.trust()
    _Server(Setup(os.environ), bind, workers).run()
