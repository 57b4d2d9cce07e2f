"""Departments and officers of the release tests, and CKAN in this process with a mail server of its own."""

from __future__ import annotations

import configparser
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import redis
from ckan.plugins import toolkit as tk

from tests.ckan.release.conftest import ckan_app, in_process, site
from tests.factories import receivers
from tests.stack import Stack

__all__ = ["ckan_app", "in_process", "site"]


@pytest.fixture(autouse=True)
def uncounted(stack: Stack) -> None:
    """Forget how often was tried before: tests subscribe more often than a reader may."""
    parser = configparser.ConfigParser()
    parser.read(stack.ini, encoding="utf-8")
    with redis.Redis.from_url(parser["app:main"]["ckan.redis.url"]) as store:
        for key in store.scan_iter("govdata:limit:*"):
            store.delete(key)


@pytest.fixture
def mails(ckan_app: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[EmailMessage]]:
    """What the portal in this process sends."""
    with receivers.mail_server() as (address, came), ckan_app.test_request_context("/"):
        monkeypatch.setitem(tk.config, "smtp.server", address)
        monkeypatch.setitem(tk.config, "smtp.mail_from", "portal@yunzhou.example")
        monkeypatch.setitem(tk.config, "smtp.starttls", False)
        monkeypatch.setitem(tk.config, "smtp.user", None)
        yield came


@pytest.fixture
def program(ckan_app: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A program behind https://localhost that this process may call; ``url`` is its address."""
    pem = receivers.certificate(tmp_path / "localhost.pem", "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with receivers.receiver(pem) as made, ckan_app.test_request_context("/"):
        monkeypatch.setitem(tk.config, "ckanext.govdata.webhook.networks", ["127.0.0.0/8", "::1/128"])
        made.url = f"https://localhost:{made.server_port}/hook"
        yield made
