"""gunicorn's threaded worker with the cache in its event loop: a kept page never reaches a thread.

::

    socket readable ─ whole request of an anonymous reader, page kept here? ─ no ─► a thread, gunicorn, Flask
                                      │ yes
                          one question to Valkey for all who wait  (asker.py)
                                      │ still current                └ not: a thread
                                   the bytes, as they are kept

The loop answers a request only if it is whole, small and plainly that of an anonymous reader; everything else
it hands to gunicorn's own threads with the bytes that it has read, as if it had never looked. While Valkey
does not answer, everything goes to the threads.
"""

from __future__ import annotations

import selectors
import sys
import time
from datetime import datetime, timezone
from functools import partial
from typing import Any

import redis
from gunicorn import util
from gunicorn.http.wsgi import SERVER
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

from ckanext.govdata.cache import wording
from ckanext.govdata.cache.asker import Asker
from ckanext.govdata.cache.layer import CacheLayer
from ckanext.govdata.cache.memory import Page
from ckanext.govdata.cache.reader import Reader

READ = 16_384
"""A request that is longer is no simple one."""
FIRST_BYTES = 10.0
"""Seconds that a new connection may be silent."""
STALLED = 60.0
"""Seconds without progress after which an answer that nobody takes is given up."""
TRY_AGAIN = 1.0
SWITCH = 0.0005
"""Seconds that a thread may keep the interpreter while the loop wants it (Python's own 5 ms would let every
reader of a kept page wait for those whose pages are being made)."""
MANY_LINES = 256
"""Lines of the log that are written together; what is fewer is written with the next tick."""
_TICK = 0.5


class Asked:
    """A request that the loop may answer, on its connection."""

    __slots__ = ("conn", "data", "head", "key", "path", "reader", "since")

    def __init__(
        self, conn: TConn, data: bytes, reader: Reader, key: str, *, head: bool, path: str, since: float
    ) -> None:
        self.conn, self.data, self.reader, self.key = conn, data, reader, key
        self.head, self.path, self.since = head, path, since


class CacheWorker(ThreadWorker):
    """`gthread` that answers kept pages itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.layer: CacheLayer | None = None
        self._asker: Asker | None = None
        self._connect_at = 0.0
        self._quiet: dict[TConn, float] = {}
        """Connections that are the loop's, and when each is closed if nothing happens on it."""
        self._writing: dict[TConn, tuple[list[memoryview], bool]] = {}
        self._waiting: set[TConn] = set()
        self._paused: set[TConn] = set()
        """Waiting ones that said more meanwhile: not watched until they are answered."""
        self._lines: list[str] = []
        self._said: dict[tuple[bool, bool], bytes] = {}
        self._stamp = ""
        self._second = 0
        self._next_tick = self._notify_at = 0.0

    # -- the worker's life -----------------------------------------------------------------------------

    def run(self) -> None:
        plain = not self.cfg.is_ssl and self.cfg.http2_cleartext == "off" and self.cfg.proxy_protocol == "off"
        if isinstance(self.wsgi, CacheLayer) and plain and self.wsgi.wire.is_plain:
            sys.setswitchinterval(SWITCH)
            self.layer = self.wsgi
        try:
            super().run()
        finally:
            self._write_log()
            if self.layer is not None and self.layer.tally is not None:
                self.layer.tally.flush()

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        super().wait_for_and_dispatch_events(min(timeout, _TICK) if self.layer else timeout)
        asker = self._asker
        if asker is not None and asker.waits:
            try:
                asker.ask()
            except OSError:
                self._lose()
        if len(self._lines) >= MANY_LINES:
            self._write_log()

    def notify(self) -> None:
        """Gunicorn's sign of life, which the loop comes by thousands of times a second."""
        now = time.monotonic()
        if now >= self._notify_at:
            self._notify_at = now + _TICK
            super().notify()

    def murder_keepalived(self, force: bool = False) -> None:
        super().murder_keepalived(force)
        now = time.monotonic()
        if self.layer is None or (now < self._next_tick and not force):
            return
        self._next_tick = now + _TICK
        self._write_log()
        for conn in [conn for conn, until in self._quiet.items() if force or until <= now]:
            if conn not in self._waiting or force:
                self._close(conn)
        if self._asker is None:
            if now >= self._connect_at and self.alive:
                self._connect_at = now + TRY_AGAIN
                self.tpool.submit(self._connect)
        elif self._asker.is_late:
            self._lose()
        tally = self.layer.tally
        if tally is not None and tally.pending and self.alive:
            self.tpool.submit(tally.flush)

    def _cap_keepalive(self, deadline: float) -> None:
        super()._cap_keepalive(deadline)
        for conn, until in self._quiet.items():
            self._quiet[conn] = min(until, deadline)

    # -- Valkey ----------------------------------------------------------------------------------------

    def _connect(self) -> None:
        """Runs in a thread: a server that is far away must not hold the loop."""
        layer = self.layer
        try:
            opened = layer.wire.open() if layer is not None else None
        except (redis.exceptions.RedisError, OSError):
            return  # what asks Valkey in the threads says so in the log; the loop tries again
        if opened is not None:
            self.method_queue.defer(self._connected, *opened)

    def _connected(self, sock: Any, owner: Any) -> None:
        if self._asker is not None or not self.alive:
            owner.disconnect()
            return
        self._asker = Asker(sock, owner)
        self.poller.register(sock, selectors.EVENT_READ, self._hear)

    def _hear(self, _sock: Any) -> None:
        asker = self._asker
        if asker is None:
            return
        try:
            verdict = asker.hear()
        except OSError:
            self._lose()
            return
        if verdict is None:
            return
        for asked, page in verdict.current:
            self._answer(asked, page)
        for asked, page in verdict.gone:
            if self.layer is not None and self.layer.memory.get(asked.key) is page:
                self.layer.memory.drop(asked.key)
            self._hand_over(asked.conn, asked.data)

    def _lose(self) -> None:
        """Valkey does not answer: whoever waits is answered by CKAN."""
        asker, self._asker = self._asker, None
        if asker is None:
            return
        self.poller.unregister(asker.sock)
        for asked, _page in asker.give_up():
            self._hand_over(asked.conn, asked.data)

    # -- connections -----------------------------------------------------------------------------------

    def accept(self, listener: Any) -> None:
        if self.layer is None:
            super().accept(listener)
            return
        try:
            sock, address = listener.accept()
        except (BlockingIOError, InterruptedError, ConnectionAbortedError):
            return
        conn = TConn(self.cfg, sock, address, listener.getsockname())
        self.nr_conns += 1
        self._take(conn, FIRST_BYTES)
        self._read(conn, sock)

    def on_client_socket_readable(self, conn: TConn, client: Any) -> None:
        if self.layer is None:
            super().on_client_socket_readable(conn, client)
            return
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._take(conn, self.cfg.keepalive)
        self._read(conn, client)

    def _take(self, conn: TConn, seconds: float) -> None:
        self._quiet[conn] = time.monotonic() + seconds
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._read, conn))

    def _read(self, conn: TConn, sock: Any) -> None:
        """Bytes have come, or the end."""
        if conn not in self._quiet:
            return  # closed or handed over by what came before in the same round
        if conn in self._waiting:
            self.poller.unregister(sock)
            self._paused.add(conn)
            return
        try:
            data = sock.recv(READ)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._close(conn)
            return
        if not data:
            self._close(conn)
            return
        found = self._find(conn, data) if self._asker is not None else None
        if found is None:
            self._hand_over(conn, data)
            return
        self._waiting.add(conn)
        self._asker.wait(*found)  # type: ignore[union-attr] - _find is not called without one

    def _find(self, conn: TConn, data: bytes) -> tuple[Asked, Page] | None:
        """The request and its page, if the page is kept here and the request is a plain one."""
        layer = self.layer
        end = data.find(b"\r\n")
        if layer is None or end < 0:
            return None
        known = layer.memory.lines.get(data[:end])
        if known is None:
            return None
        reader = layer.readers.of_block(data[end + 2 :])
        key, head, path = known
        page = layer.memory.get(key)
        if reader is None or page is None or time.time() >= page.until:
            return None
        if (page.negotiated and not reader.usual) or (reader.since and page.has_date):
            return None
        return Asked(conn, data, reader, key, head=head, path=path, since=time.monotonic()), page

    def _hand_over(self, conn: TConn, data: bytes) -> None:
        """To gunicorn's threads, with what was read."""
        self._let_go(conn)
        try:
            conn.data_ready = True
            conn.init()
            conn.parser.unreader.unread(data)
        except OSError:
            self.nr_conns -= 1
            conn.close()
            return
        self.enqueue_req(conn)

    def _let_go(self, conn: TConn) -> None:
        self._quiet.pop(conn, None)
        self._waiting.discard(conn)
        self._writing.pop(conn, None)
        if conn in self._paused:
            self._paused.discard(conn)
        else:
            self.poller.unregister(conn.sock)

    def _close(self, conn: TConn) -> None:
        self._let_go(conn)
        self.nr_conns -= 1
        conn.close()

    # -- answers ---------------------------------------------------------------------------------------

    def _answer(self, asked: Asked, page: Page) -> None:
        conn = asked.conn
        self._waiting.discard(conn)
        known, head, body = wording.wire(page, asked.reader, head=asked.head)
        closing = asked.reader.close or not self.alive
        parts = (self._start(known, closing), head, body)
        if self.layer is not None:
            self.layer.count(page)
        now = time.monotonic()
        self._lines.append(
            f'{self._stamp} "{"HEAD" if asked.head else "GET"} {asked.path}" {304 if known else 200} '
            f"{len(body)} {(now - asked.since) * 1000:.0f}ms"
        )
        try:
            sent = conn.sock.sendmsg(parts)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError:
            self._close(conn)
            return
        if sent == len(parts[0]) + len(head) + len(body):
            self._answered(conn, now, closing=closing)
            return
        self._writing[conn] = (_rest([memoryview(part) for part in parts], sent), closing)
        self._quiet[conn] = now + STALLED
        self._watch(conn, selectors.EVENT_WRITE, self._write)

    def _write(self, conn: TConn, sock: Any) -> None:
        """The socket takes more of an answer."""
        if conn not in self._writing:
            return
        left, closing = self._writing[conn]
        try:
            left = _rest(left, sock.sendmsg(left))
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._close(conn)
            return
        now = time.monotonic()
        if left:
            self._writing[conn] = (left, closing)
            self._quiet[conn] = now + STALLED
            return
        del self._writing[conn]
        self._watch(conn, selectors.EVENT_READ, self._read)
        self._answered(conn, now, closing=closing)

    def _answered(self, conn: TConn, now: float, *, closing: bool) -> None:
        if closing:
            self._let_go(conn)
            self.nr_conns -= 1
            self.tpool.submit(conn.close, graceful=True)  # waits until the reader has taken everything
            return
        self._quiet[conn] = now + (self.cfg.keepalive if self.alive else STOP_KEEPALIVE_LINGER)
        if conn in self._paused:
            self._watch(conn, selectors.EVENT_READ, self._read)

    def _watch(self, conn: TConn, what: int, then: Any) -> None:
        callback = partial(then, conn)
        if conn in self._paused:
            self._paused.discard(conn)
            self.poller.register(conn.sock, what, callback)
        else:
            self.poller.modify(conn.sock, what, callback)

    def _start(self, known: bool, closing: bool) -> bytes:
        """Status line and the headers that change by the second."""
        second = int(time.time())
        if second != self._second:
            self._second, self._said = second, {}
            self._stamp = datetime.now(timezone.utc).astimezone().strftime("[%d/%b/%Y:%H:%M:%S %z]")
        made = self._said.get((known, closing))
        if made is None:
            status = "304 NOT MODIFIED" if known else "200 OK"
            made = self._said[known, closing] = (
                f"HTTP/1.1 {status}\r\nServer: {SERVER}\r\nDate: {util.http_date()}\r\n"
                f"Connection: {'close' if closing else 'keep-alive'}\r\n"
            ).encode("latin-1")
        return made

    def _write_log(self) -> None:
        """The lines of the access log, many at once, as gunicorn's own (``portal.web_command``)."""
        lines, self._lines = self._lines, []
        if lines and self.cfg.accesslog:
            self.log.access_log.info("\n".join(lines))


def _rest(parts: list[memoryview], sent: int) -> list[memoryview]:
    """What of ``parts`` has not been sent; their bytes are those of the kept page, not copies."""
    left = []
    for part in parts:
        if sent < len(part):
            left.append(part[sent:])
        sent = max(0, sent - len(part))
    return left
