"""``licensing serve``: the interface without CKAN, in several processes, with the sequencer beside them.

gunicorn's arbiter replaces a worker that dies; what the worker had not committed never was, and a client that
heard nothing sends its request again with the same idempotency key.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any, Final

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from licensing.cli.edge import guarded, json_option
from licensing.core.errors import InvalidInput
from licensing.core.ledger.checkpoint import Ed25519Signer
from licensing.local.setup import Setup
from licensing.signatures.authority.web import authority_blueprint
from licensing.web import blueprint

GRACE_SECONDS: Final = 30
"""How long requests that run may still take when the server is told to stop."""
SILENT_SECONDS: Final = 120
"""A worker that shows no life for so long is replaced."""


def application(setup: Setup) -> Flask:
    """The interface and, when there is one, the small authority."""
    app = Flask("licensing")
    app.register_blueprint(blueprint(setup.settings()))
    if setup.environment.get("LICENSING_CA"):
        app.register_blueprint(authority_blueprint(setup.authority))
    return app


class Companion:
    """The sequencer as a process of its own; started anew when it ends while the server runs."""

    def __init__(self, arguments: tuple[str, ...]) -> None:
        self._command = [sys.executable, "-m", "licensing.cli", "sequencer", *arguments]
        self._process: subprocess.Popen[bytes] | None = None

    def keep(self) -> None:
        """Start it unless it runs. Its input is a pipe from here: it ends when this process does."""
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [*self._command, "--with-parent"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
            )

    def stop(self) -> None:
        """Let it finish its batch, and wait for it."""
        if self._process is None:
            return
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.terminate()
        try:
            self._process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class _Arbiter(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """Looks after the companion as it looks after its workers, once a second."""

    def manage_workers(self) -> None:
        super().manage_workers()
        if self.app.companion is not None:
            self.app.companion.keep()


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(
        self, setup: Setup, bind: str, workers: int, threads: int, companion: Companion | None, as_json: bool
    ) -> None:
        self._setup, self._options = setup, {"bind": bind, "workers": workers, "threads": threads}
        self.companion, self._as_json = companion, as_json
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            **self._options,
            "worker_class": "gthread",
            "graceful_timeout": GRACE_SECONDS,
            "timeout": SILENT_SECONDS,
            "control_socket_disable": True,
            "when_ready": self._ready,
            "on_exit": self._exit,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        # In the worker: connections are not shared with the parent.
        return application(self._setup)

    def run(self) -> None:
        _Arbiter(self).run()

    def _ready(self, arbiter: Arbiter) -> None:
        addresses = [str(each) for each in arbiter.LISTENERS]
        said = json.dumps({"listening": addresses, "pid": os.getpid()}) if self._as_json else addresses[0]
        click.echo(said)
        sys.stdout.flush()

    def _exit(self, _arbiter: Arbiter) -> None:
        if self.companion is not None:
            self.companion.stop()


@click.command("serve")
@click.option("--bind", default="127.0.0.1:8008", show_default=True, help="地址和端口 / address and port")
@click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="进程数 / processes"
)
@click.option("--threads", type=click.IntRange(1, 64), default=4, show_default=True,
              help="每个进程的线程数，不超过 LICENSING_POOL / threads of a process")  # fmt: skip
@click.option("--sequencer", is_flag=True, help="同时运行账本记录程序 / run the ledger's sequencer beside it")
@click.option("--witness", "witnesses", multiple=True, type=click.Path(dir_okay=False),
              help="交给账本记录程序 / for the sequencer")  # fmt: skip
@json_option
@guarded
def serve_command(
    bind: str, workers: int, threads: int, sequencer: bool, witnesses: tuple[str, ...], as_json: bool
) -> None:
    """独立运行接口；收到 TERM 信号时办完手头的请求再停 / serve the interface.

    On TERM the server takes no new requests, finishes those that run, and stops.
    """
    setup = Setup(os.environ)
    for name in ("LICENSING_DATABASE", "LICENSING_STORAGE"):
        setup.text(name)
    setup.rules()
    setup.trust()
    if threads > setup.pool():
        raise InvalidInput(
            "线程数 {threads} 超过数据库连接数 {pool}，请调整 --threads 或 LICENSING_POOL。",
            "{threads} threads need as many connections, and LICENSING_POOL is {pool}.",
            threads=threads, pool=setup.pool(),
        )  # fmt: skip
    companion = None
    if sequencer:
        Ed25519Signer.from_environment(os.environ)
        companion = Companion(tuple(part for path in witnesses for part in ("--witness", path)))
    _Server(Setup(os.environ), bind, workers, threads, companion, as_json).run()
