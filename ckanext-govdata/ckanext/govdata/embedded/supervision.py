"""Supervision by `supervisor`: configuration, starting it, and talking to it over its Unix socket."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from supervisor.xmlrpc import SupervisorTransport

from .ckan_config import write_private
from .environment import MARK, PRIVATE
from .errors import ServiceFailed
from .home import Home
from .messages import Message
from .services import ALL, Service

_ALREADY_STARTED = 60
_NOT_RUNNING = 70
_NOT_KNOWN = 10
"""A supervision that an older version has started knows none of the services that came since."""
_POLL = 0.1


@dataclass(frozen=True)
class Process:
    """What supervision says about one process. ``state`` is its word, e.g. RUNNING; ``seconds`` its age."""

    service: str
    name: str
    state: str
    pid: int
    seconds: int


def _quoted(text: str) -> str:
    return shlex.quote(text).replace("%", "%%")


def configuration(home: Home) -> str:
    """The configuration; no secret stands in it."""
    lines = [
        # Supervision hands the ports on to its services: other ports are another configuration.
        f"; {home.host} {home.web_port} {home.port_base}",
        "[unix_http_server]",
        f"file={_percent(socket(home))}",
        "chmod=0700",
        "",
        "[supervisord]",
        f"logfile={_percent(home.logs / 'supervisord.log')}",
        "logfile_maxbytes=5MB",
        "logfile_backups=2",
        f"pidfile={_percent(pidfile(home))}",
        f"directory={_percent(home.root)}",
        f"childlogdir={_percent(home.logs)}",
        "identifier=govdata",
        "umask=077",
        "",
        "[rpcinterface:supervisor]",
        "supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface",
        "",
    ]
    for priority, service in enumerate(ALL, start=1):
        lines += _program(home, service, priority)
    return "\n".join(lines)


def _percent(path: Path) -> str:
    return str(path).replace("%", "%%")


def _program(home: Home, service: Service, priority: int) -> list[str]:
    many = service.processes > 1
    launch = " ".join(map(_quoted, [sys.executable, "-m", "ckanext.govdata.embedded.launch", service.name]))
    return [
        f"[program:{service.name}]",
        f"command={launch}",
        f"process_name={service.name}" + ("%(process_num)s" if many else ""),
        f"numprocs={service.processes}",
        f"priority={priority}",
        "autostart=false",
        "autorestart=true",
        f"startsecs={service.start_seconds}",
        "startretries=3",
        f"stopsignal={service.stop_signal}",
        f"stopwaitsecs={service.stop_seconds}",
        "stopasgroup=false",
        f"killasgroup={'false' if service.name == 'postgres' else 'true'}",
        "redirect_stderr=true",
        f"stdout_logfile={_percent(home.logs / (service.name + '.log'))}",
        "stdout_logfile_maxbytes=10MB",
        "stdout_logfile_backups=3",
        "",
    ]


def socket(home: Home) -> Path:
    """The control socket."""
    return home.run / "supervisor.sock"


def pidfile(home: Home) -> Path:
    """Process id of supervision."""
    return home.run / "supervisord.pid"


def _configuration_file(home: Home) -> Path:
    return home.etc / "supervisord.conf"


class Supervision:
    """The supervision of one home, running or not."""

    def __init__(self, home: Home) -> None:
        self.home = home

    def _rpc(self) -> Any:
        transport = SupervisorTransport(None, None, f"unix://{socket(self.home)}")
        return xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport).supervisor

    def is_up(self) -> bool:
        """Whether supervision answers."""
        try:
            return bool(self._rpc().getState()["statename"])
        except (OSError, xmlrpc.client.Error, ConnectionError):
            return False

    def write(self) -> bool:
        """Write the configuration; whether it changed."""
        return write_private(_configuration_file(self.home), configuration(self.home))

    def start(self) -> None:
        """Start supervision in the background; it starts no service by itself. Raises `ServiceFailed`."""
        socket(self.home).unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "supervisor.supervisord", "-c", str(_configuration_file(self.home))],
            capture_output=True, text=True, check=False, env=self._environment(),
        )  # fmt: skip
        if done.returncode != 0:
            reason = (done.stderr or done.stdout).strip()[-400:]
            raise ServiceFailed(
                Message(f"进程管理 supervisord 无法启动：{reason}", f"supervisord does not start: {reason}")
            )

    def _environment(self) -> dict[str, str]:
        home = self.home
        kept = {name: value for name, value in os.environ.items() if name not in PRIVATE}
        return {
            **kept,
            "GOVDATA_HOME": str(home.root),
            "GOVDATA_HOST": home.host,
            "GOVDATA_PORT": str(home.web_port),
            "GOVDATA_PORT_BASE": str(home.port_base),
            MARK: home.digest,
        }

    def processes(self) -> list[Process]:
        """Every process under supervision; empty when supervision is down."""
        try:
            told = self._rpc().getAllProcessInfo()
        except (OSError, xmlrpc.client.Error):
            return []
        order = {service.name: index for index, service in enumerate(ALL)}
        found = [
            Process(
                service=info["group"],
                name=info["name"],
                state=info["statename"],
                pid=info["pid"],
                seconds=max(0, info["now"] - info["start"]) if info["pid"] else 0,
            )
            for info in told
        ]
        return sorted(found, key=lambda process: (order.get(process.service, 99), process.name))

    def run(self, names: Sequence[str]) -> None:
        """Start the services ``names`` without waiting; a running one is left alone."""
        for name in names:
            try:
                self._rpc().startProcessGroup(name, False)
            except xmlrpc.client.Fault as fault:
                if fault.faultCode != _ALREADY_STARTED:
                    raise

    def halt(self, names: Sequence[str]) -> None:
        """Stop the services ``names`` at the same time and wait until the last has ended."""
        for name in names:
            try:
                self._rpc().stopProcessGroup(name, False)
            except xmlrpc.client.Fault as fault:
                if fault.faultCode not in (_NOT_RUNNING, _NOT_KNOWN):
                    raise
        # Supervision itself ends what does not heed the signal within its time.
        while any(process.pid for process in self.processes() if process.service in names):
            time.sleep(_POLL)

    def shutdown(self) -> None:
        """End supervision itself, which stops what still runs."""
        self._rpc().shutdown()

    def leftovers(self) -> list[psutil.Process]:
        """Processes of this home that are still alive, found by the mark in their environment.

        They outlive a supervision that was killed only for a moment, or where the kernel cannot be asked to
        stop them. Processes of other users cannot be read and are skipped.
        """
        found = []
        for process in psutil.process_iter():
            try:
                if process.pid != os.getpid() and process.environ().get(MARK) == self.home.digest:
                    found.append(process)
            except psutil.Error:
                continue
        return found
