"""Whether a port is free, and who holds it when it is not."""

from __future__ import annotations

import socket
from dataclasses import dataclass

import psutil

from .errors import PortTaken
from .messages import Message


@dataclass(frozen=True)
class Holder:
    """The process that listens on a port; ``pid`` is None when the system does not tell."""

    pid: int | None
    name: str


def is_free(host: str, port: int) -> bool:
    """Whether this process could listen on ``host``:``port`` now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def answers(host: str, port: int) -> bool:
    """Whether something accepts connections at ``host``:``port``."""
    try:
        with socket.create_connection((host, port), timeout=1):
            return True
    except OSError:
        return False


def holder(port: int) -> Holder:
    """Who listens on ``port``, as far as the system lets this user see."""
    try:
        for connection in psutil.net_connections(kind="tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port:
                if connection.pid is None:
                    break
                return Holder(connection.pid, psutil.Process(connection.pid).name())
    except psutil.Error:
        pass  # not allowed to look, or gone meanwhile: the answer is then "unknown"
    return Holder(None, "")


def require_free(host: str, port: int, purpose: Message, variable: str) -> None:
    """Raise `PortTaken`, naming the program that holds the port and the variable that chooses another."""
    if is_free(host, port):
        return
    who = holder(port)
    by_zh = f"被进程 {who.name}(PID {who.pid})占用" if who.pid else "被其他程序占用"
    by_en = f"held by {who.name} (PID {who.pid})" if who.pid else "held by another program"
    raise PortTaken(
        Message(
            f"端口 {port}({purpose.zh}){by_zh}。请停止该程序，或用 {variable} 换一个端口，"
            f"例如：{variable}={port + 100}。",
            f"Port {port} ({purpose.en}) is {by_en}. Stop that program, or choose another port with "
            f"{variable}, e.g. {variable}={port + 100}.",
        )
    )


def free_block(count: int, start: int = 20000, stop: int = 60000) -> int:
    """The first of ``count`` neighbouring free loopback ports. Raises `PortTaken` when there are none."""
    for base in range(start, stop, count):
        if all(is_free("127.0.0.1", base + offset) for offset in range(count)):
            return base
    raise PortTaken(
        Message(f"找不到连续 {count} 个空闲端口。", f"There are no {count} neighbouring free ports.")
    )
