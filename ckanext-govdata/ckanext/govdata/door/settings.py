"""The door's addresses and keys, from the environment alone, and the connections of this process."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from functools import cache
from typing import Final

import psycopg2
import sqlalchemy as sa
from sqlalchemy.pool import QueuePool

from ckanext.govdata.door.errors import NotConfigured
from ckanext.govdata.embedded.door import KEY_VARIABLE, OWNER_VARIABLE, READER_VARIABLE

CONNECTIONS: Final = 8
"""Of each role in a process: as many as it has threads."""
WAIT_SECONDS: Final = 10.0
KEY_BYTES: Final = 32


def configured() -> bool:
    """Whether this installation has a door at all."""
    return bool(os.environ.get(OWNER_VARIABLE) and os.environ.get(READER_VARIABLE))


@cache
def owner() -> sa.Engine:
    """Connections of the role that owns the tables. Raises NotConfigured."""
    return sa.create_engine(
        _variable(OWNER_VARIABLE), pool_size=CONNECTIONS, max_overflow=0, pool_timeout=WAIT_SECONDS,
        pool_pre_ping=True, hide_parameters=True,
    )  # fmt: skip


@cache
def reader() -> QueuePool:
    """Plain connections of the role that reads through windows: it may not even ask for the version, which
    SQLAlchemy's engine does. Raises NotConfigured."""
    address = _variable(READER_VARIABLE)
    return QueuePool(
        lambda: psycopg2.connect(address), pool_size=CONNECTIONS, max_overflow=0, timeout=WAIT_SECONDS,
        reset_on_return="rollback",
    )  # type: ignore[arg-type]  # fmt: skip


def key(purpose: str) -> bytes:
    """A key of 32 bytes for one purpose, out of the installation's. Raises NotConfigured."""
    try:
        secret = base64.b64decode(_variable(KEY_VARIABLE), validate=True)
    except ValueError:
        secret = b""
    if len(secret) != KEY_BYTES:
        raise _missing(KEY_VARIABLE)
    return hmac.new(secret, purpose.encode(), hashlib.sha256).digest()


def _variable(name: str) -> str:
    found = os.environ.get(name)
    if not found:
        raise _missing(name)
    return found


def _missing(name: str) -> NotConfigured:
    return NotConfigured(
        "没有配置有条件数据的网关（{name}）。", "The door to conditional data is not configured ({name}).",
        name=name,
    )  # fmt: skip
