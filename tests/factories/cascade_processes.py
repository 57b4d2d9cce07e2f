"""A platform as processes of its own: the library's server with its sequencer, and its jobs.

Light beside a whole portal, and the same code: the same services, tables, ledger and deliveries.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy import Engine

from licensing.cascade.peers import LOOPBACK_VARIABLE
from licensing.cascade.signing import KEY_VARIABLE, Key
from licensing.core.ledger.checkpoint import Ed25519Signer
from licensing.core.store.engine import open_engine
from licensing.migrations import upgrade

SECONDS = 60.0


def free_port() -> int:
    """A port that nobody listens on now."""
    with closing(socket.socket()) as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


def until(true: Callable[[], bool], seconds: float = SECONDS, every: float = 0.05) -> bool:
    """Ask again and again; whether it became true in time."""
    pause, limit = threading.Event(), time.monotonic() + seconds
    while not true():
        if time.monotonic() > limit:
            return False
        pause.wait(every)
    return True


def database(server: str, name: str) -> tuple[str, Engine]:
    """A new migrated database on a server; its address, and an engine on it."""
    parts = urlsplit(server)
    with closing(open_engine(server).raw_connection().driver_connection) as connection:
        connection.autocommit = True
        connection.cursor().execute(f"CREATE DATABASE {name}")
    address = urlunsplit(parts._replace(path=f"/{name}"))
    engine = open_engine(address)
    upgrade(engine)
    return address, engine


@dataclass
class Side:
    """The processes of one platform; ``kill`` ends them all at once as a power cut would."""

    name: str
    database: str
    folder: Path
    key: Key = field(default_factory=Key.generate)
    ledger: Ed25519Signer = field(default_factory=Ed25519Signer.generate)
    port: int = field(default_factory=free_port)
    every: float = 0.2
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        self.folder.mkdir(exist_ok=True)
        public = self.folder / "ledger.pem"
        public.write_bytes(self.ledger.public_pem())
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LICENSING_")}
        return {
            **kept,
            "LICENSING_DATABASE": self.database,
            "LICENSING_STORAGE": str(self.folder / "objects"),
            "LICENSING_RULES": "hubei",
            "LICENSING_CA": str(self.folder / "ca"),
            "LICENSING_LEDGER_KEY": self.ledger.private_text(),
            "LICENSING_LEDGER_PUBLIC": str(public),
            KEY_VARIABLE: self.key.text(),
            LOOPBACK_VARIABLE: "1",
        }

    def start(self, *, jobs: bool = True) -> None:
        """Start everything and wait until it answers."""
        serve = ["serve", "--bind", f"127.0.0.1:{self.port}", "--workers", "1", "--sequencer"]
        commands = [serve, ["jobs", "--every", str(self.every)]] if jobs else [serve]
        environment = self.environment()
        with (self.folder / "processes.log").open("ab") as log:
            for command in commands:
                self._running.append(
                    subprocess.Popen(
                        [sys.executable, "-m", "licensing.cli", *command],
                        env=environment, cwd="/", stdout=subprocess.DEVNULL, stderr=log,
                        start_new_session=True,
                    )
                )  # fmt: skip
        assert until(self.answers), f"{self.name} did not start"

    def answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/api/licensing/v1/cascade/identity")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """SIGKILL to every process, children too."""
        for each in self._running:
            os.killpg(each.pid, signal.SIGKILL)
        for each in self._running:
            each.wait(timeout=SECONDS)
        self._running.clear()


@contextmanager
def killed_at_the_end(*sides: Side) -> Iterator[None]:
    """Nothing is left running, whatever happens."""
    try:
        yield
    finally:
        for each in sides:
            each.kill()
