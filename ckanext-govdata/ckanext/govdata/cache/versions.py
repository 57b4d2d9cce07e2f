"""Versions, marks and pages in Valkey.

Valkey's own scripts run one after another, so each of the operations here happens at once for everybody:

=========  =====================================================================================
mark       the scopes are about to change: pages that depend on them are neither given nor kept
settle     the change is done everywhere: the scopes get a new version, unless others hold a mark
begin      the number of the latest change, to be asked before a page is made
keep       keep the page, if none of its scopes was marked or changed since ``begin``
=========  =====================================================================================

``boot`` names this life of the server. After a restart nothing of before counts, in no process: the
server of the cache keeps nothing on disk. Pages expire and may be evicted at any time; versions and
marks are never evicted (``maxmemory-policy volatile-lru``), and a lost version only makes pages
unusable.

Keys: ``boot``, ``seq``, ``v:<scope>`` (a number, or ``!`` while marked), ``h:<scope>`` (who marked
it), ``o:<holder>`` (what it marked), ``open`` (holders by time), ``p:<page>``, ``l:<page>`` (who
makes the page).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import redis

MARKED = b"!"

_BOOT = """
local boot = redis.call('GET', 'boot')
if not boot then
  boot = ARGV[1]
  redis.call('SET', 'boot', boot)
  local now = redis.call('TIME')
  redis.call('SET', 'seq', now[1] .. string.format('%06d', tonumber(now[2])))
end
"""
_MARK = (
    _BOOT
    + """
local holder = ARGV[2]
redis.call('INCR', 'seq')
for i = 3, #ARGV do
  redis.call('SADD', 'h:' .. ARGV[i], holder)
  redis.call('SADD', 'o:' .. holder, ARGV[i])
  redis.call('SET', 'v:' .. ARGV[i], '!')
end
redis.call('ZADD', 'open', redis.call('TIME')[1], holder)
return 1
"""
)
_SETTLE = (
    _BOOT
    + """
local holder = ARGV[2]
local seq = redis.call('INCR', 'seq')
local function release(scope)
  redis.call('SREM', 'h:' .. scope, holder)
  if redis.call('SCARD', 'h:' .. scope) == 0 then
    redis.call('SET', 'v:' .. scope, string.format('%.0f', seq))
  end
end
for _, scope in ipairs(redis.call('SMEMBERS', 'o:' .. holder)) do release(scope) end
for i = 3, #ARGV do release(ARGV[i]) end
redis.call('DEL', 'o:' .. holder)
redis.call('ZREM', 'open', holder)
return 1
"""
)
_BEGIN = _BOOT + "return {boot, redis.call('GET', 'seq')}"
_KEEP = """
if redis.call('GET', 'boot') ~= ARGV[1] then return false end
local begun = tonumber(ARGV[2])
local versions = {}
for i = 5, #ARGV do
  local version = redis.call('GET', 'v:' .. ARGV[i])
  if version == '!' then return false end
  if version and tonumber(version) > begun then return false end
  if not version then
    version = ARGV[2]
    redis.call('SET', 'v:' .. ARGV[i], version)
  end
  versions[#versions + 1] = version
end
local head = ARGV[1]
for i, version in ipairs(versions) do head = head .. ' ' .. version end
redis.call('SET', KEYS[1], head .. '\\n' .. ARGV[4], 'EX', ARGV[3])
return versions
"""
_OWN_LOCK = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"


@dataclass(frozen=True, slots=True)
class Begun:
    """The moment before a page is made: the server's life, and the number of the latest change."""

    boot: bytes
    seq: bytes


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as kept: life and version of each of its scopes, and its bytes."""

    boot: bytes
    versions: tuple[bytes, ...]
    content: bytes


class Versions:
    """The cache's side of Valkey; each method raises `redis.exceptions.RedisError` without an answer."""

    def __init__(self, client: redis.Redis) -> None:
        self.client: Any = client
        self._mark = client.register_script(_MARK)
        self._settle = client.register_script(_SETTLE)
        self._begin = client.register_script(_BEGIN)
        self._keep = client.register_script(_KEEP)
        self._own_lock = client.register_script(_OWN_LOCK)

    def mark(self, holder: str, scopes: Iterable[str]) -> None:
        """``holder`` is about to change ``scopes``."""
        self._mark(args=[secrets.token_hex(8), holder, *scopes])

    def settle(self, holder: str, scopes: Iterable[str] = ()) -> None:
        """All that ``holder`` marked, and ``scopes`` besides, is as it will stay."""
        self._settle(args=[secrets.token_hex(8), holder, *scopes])

    def begin(self) -> Begun:
        """To be asked before the first thing that a page is made of is read."""
        boot, seq = self._begin(args=[secrets.token_hex(8)])
        return Begun(boot, seq)

    def keep(
        self, page: str, begun: Begun, scopes: Sequence[str], content: bytes, seconds: int
    ) -> Kept | None:
        """Keep a page that depends on ``scopes``; None when one of them has changed since ``begun``."""
        versions = self._keep(keys=["p:" + page], args=[begun.boot, begun.seq, seconds, content, *scopes])
        return Kept(begun.boot, tuple(versions), content) if versions is not None else None

    def find(self, page: str) -> Kept | None:
        """The page as it was kept, whether or not its versions still hold."""
        found = self.client.get("p:" + page)
        if found is None:
            return None
        head, _, content = found.partition(b"\n")
        boot, *versions = head.split(b" ")
        return Kept(boot, tuple(versions), content)

    def lock(self, page: str, owner: str, milliseconds: int) -> bool:
        """Whether ``owner`` is the one that makes the page now."""
        return bool(self.client.set("l:" + page, owner, nx=True, px=milliseconds))

    def is_locked(self, page: str) -> bool:
        """Whether somebody makes the page."""
        return bool(self.client.exists("l:" + page))

    def unlock(self, page: str, owner: str) -> None:
        """``owner`` has made the page or given it up."""
        self._own_lock(keys=["l:" + page], args=[owner])

    def open_holders(self, older_than_seconds: int) -> list[str]:
        """Who has marked something and not settled it for a while."""
        now = int(self.client.time()[0])
        return [holder.decode() for holder in self.client.zrangebyscore("open", 0, now - older_than_seconds)]

    def clear(self) -> None:
        """Forget every page and version; marks come again with the next change."""
        self.client.flushdb()


def _array(words: Sequence[bytes]) -> bytes:
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)


def _names(scopes: Sequence[str]) -> list[bytes]:
    return [b"v:" + scope.encode() for scope in scopes]


def question(scopes: Sequence[str]) -> bytes:
    """The command that asks for life and versions of ``scopes``, as bytes for the wire (RESP2)."""
    return _array([b"MGET", b"boot", *_names(scopes)])


class Held(Protocol):
    """What holds as long as the server says the same life and versions."""

    boot: bytes
    versions: tuple[bytes, ...]


def right_answer(kept: Kept | Held) -> bytes:
    """What the server answers to :func:`question` while the page holds, byte for byte."""
    return _array((kept.boot, *kept.versions))


MOMENT = _array((b"MGET", b"boot", b"seq"))
"""The command that asks for life and number of the latest change."""


def detailed_question(scopes: Sequence[str]) -> bytes:
    """The command that asks for life, number of the latest change, and versions of ``scopes``."""
    return _array([b"MGET", b"boot", b"seq", *_names(scopes)])


def array_at(said: bytes, at: int) -> tuple[list[bytes | None], int] | None:
    """The answer to one ``MGET`` from ``at`` on and where it ends; None while it is not whole.

    Raises:
        ValueError: the server says something else.
    """
    end = said.find(b"\r\n", at)
    if end < 0:
        return None
    if said[at : at + 1] != b"*":
        raise ValueError("the server does not answer with an array")
    words: list[bytes | None] = []
    count, at = int(said[at + 1 : end]), end + 2
    for _ in range(count):
        end = said.find(b"\r\n", at)
        if end < 0:
            return None
        if said[at : at + 1] != b"$":
            raise ValueError("the server does not answer with words")
        length, at = int(said[at + 1 : end]), end + 2
        if length < 0:
            words.append(None)
            continue
        if len(said) < at + length + 2:
            return None
        words.append(said[at : at + length])
        at += length + 2
    return words, at
