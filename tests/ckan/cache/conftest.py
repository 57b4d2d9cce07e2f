"""The configuration of the running stack, and nginx in front of it."""

from __future__ import annotations

import configparser
from collections.abc import Iterator
from typing import Any

import pytest

from tests.factories import nginx as servers
from tests.stack import Stack


@pytest.fixture(scope="session")
def nginx(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address; the test says so where no nginx is installed."""
    if servers.program() is None:
        pytest.skip("本机没有安装 nginx,未经它检验 / no nginx is installed here to test through")
    with servers.in_front_of(stack.base_url, tmp_path_factory.mktemp("nginx")) as address:
        yield address


@pytest.fixture(scope="session")
def settings(stack: Stack) -> Any:
    """The options of the stack."""
    parser = configparser.ConfigParser()
    parser.read(stack.ini, encoding="utf-8")
    return parser["app:main"]
