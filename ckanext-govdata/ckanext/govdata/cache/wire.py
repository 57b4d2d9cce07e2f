"""One question to Valkey and its expected answer, as bytes: what every cached answer costs.

The client library would make a list of the answer to compare it with a list; here the bytes are
compared. Each thread has a connection of its own, opened by the library: password, TLS, socket or
port as the address says.
"""

from __future__ import annotations

import threading
from typing import Any

import redis


class Wire:
    """Connections to the server at ``url``."""

    def __init__(self, url: str) -> None:
        self._pool: Any = redis.ConnectionPool.from_url(
            url, protocol=2, socket_timeout=1, socket_connect_timeout=1
        )
        self._local = threading.local()
        self.is_plain = not url.startswith("rediss:")
        """Whether what is said can be read from the socket as it is."""

    def says(self, question: bytes, answer: bytes) -> bool:
        """Whether the server answers ``question`` with exactly ``answer``.

        Raises:
            OSError: the server does not answer.
            redis.exceptions.RedisError: it cannot be connected to.
        """
        connection = getattr(self._local, "connection", None)
        fresh = connection is None
        try:
            if connection is None:
                connection = self._local.connection = self.open()
            said = _ask(connection[0], question, answer)
        except OSError:
            self._close()
            if fresh:
                raise
            # The server closes idle connections and restarts: once more, on a new one.
            return self.says(question, answer)
        if said != answer:
            # The rest of another answer may still come: this connection is not asked again.
            self._close()
            return False
        return True

    def open(self) -> tuple[Any, Any]:
        """A new connection: its socket, and the library's object that owns it.

        Raises:
            OSError, redis.exceptions.RedisError: it cannot be connected to.
        """
        # Not one of the pool's: it counts what it has made and never learns that we have closed it.
        connection = self._pool.connection_class(**self._pool.connection_kwargs)
        connection.connect()
        return connection._sock, connection

    def _close(self) -> None:
        opened = getattr(self._local, "connection", None)
        self._local.connection = None
        if opened is not None:
            opened[1].disconnect()


def _ask(sock: Any, question: bytes, answer: bytes) -> bytes:
    """What the server says, as far as it is needed to tell it from ``answer``."""
    sock.sendall(question)
    said = b""
    while said != answer and answer.startswith(said):
        more = sock.recv(len(answer) + 64)
        if not more:
            raise ConnectionResetError("the server closed the connection")
        said += more
    return said
