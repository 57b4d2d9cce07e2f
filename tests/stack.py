"""The running stack as tests see it: its address, its accounts, and clients that act as one of them."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]
TIMEOUT = 60.0
"""Seconds for one request; long steps of a release answer at once, so a minute is a failure."""


@dataclass(frozen=True)
class Account:
    """One demo account of ``run.json``."""

    role: str
    name: str
    password: str = field(repr=False)
    api_token: str = field(repr=False)
    organization: str | None = None


@dataclass(frozen=True)
class Stack:
    """One running installation."""

    base_url: str
    home: Path
    accounts: tuple[Account, ...]
    datasets: tuple[dict[str, Any], ...]

    @property
    def ini(self) -> Path:
        """The CKAN configuration of the stack."""
        return self.home / "ckan.ini"

    def account(self, role: str) -> Account:
        """The demo account of ``role``, e.g. ``compiler``, ``reviewer``, ``compiler2``."""
        for account in self.accounts:
            if account.role == role:
                return account
        raise LookupError(f"run.json has no account for the role {role!r}")

    def client(self, role: str | None = None) -> httpx.Client:
        """An HTTP client that calls the API as ``role``, or as an anonymous visitor."""
        headers = {"Authorization": self.account(role).api_token} if role else {}
        return httpx.Client(base_url=self.base_url, headers=headers, timeout=TIMEOUT)

    def browser(self, role: str) -> httpx.Client:
        """An HTTP client with the session of ``role``, signed in by the login form."""
        account = self.account(role)
        client = httpx.Client(base_url=self.base_url, timeout=TIMEOUT, follow_redirects=True)
        page = client.get("/user/login")
        client.post(
            "/user/login",
            data={"login": account.name, "password": account.password, "_csrf_token": csrf_token(page.text)},
            headers={"Referer": f"{self.base_url}/user/login"},
        ).raise_for_status()
        return client

    def action(self, role: str | None, name: str, **parameters: Any) -> Any:
        """Result of one API action called as ``role``. Raises `httpx.HTTPStatusError` when it is refused."""
        with self.client(role) as client:
            answer = client.post(f"/api/3/action/{name}", json=parameters)
        answer.raise_for_status()
        return answer.json()["result"]

    def entries(self, fq: str = "") -> list[dict[str, Any]]:
        """Every public entry that the filter leaves, however many: a search answers at most a thousand."""
        found: list[dict[str, Any]] = []
        while True:
            page = self.action(None, "package_search", fq=fq, rows=1000, start=len(found), sort="id asc")
            found += page["results"]
            if not page["results"] or len(found) >= page["count"]:
                return found


def csrf_token(html: str) -> str:
    """The token of a page's forms."""
    for pattern in (
        r'name="_csrf_token"\s+(?:value|content)="([^"]+)"',
        r'(?:value|content)="([^"]+)"\s+name="_csrf_token"',
    ):
        match = re.search(pattern, html)
        if match:
            return match[1]
    raise LookupError("the page has no _csrf_token")


def running() -> Stack | None:
    """The stack of ``GOVDATA_HOME`` (default ``.govdata``), or None when it does not answer."""
    home = Path(os.environ.get("GOVDATA_HOME") or ROOT / ".govdata")
    try:
        ports = json.loads((home / "stack.json").read_text())
        url = f"http://127.0.0.1:{ports['web_port']}"
        httpx.get(f"{url}/api/3/action/status_show", timeout=TIMEOUT).raise_for_status()
        told = json.loads((home / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, httpx.HTTPError):
        return None
    known = ("role", "name", "password", "api_token", "organization")
    accounts = tuple(Account(**{key: each.get(key) for key in known}) for each in told["accounts"])
    return Stack(base_url=url, home=home, accounts=accounts, datasets=tuple(told.get("datasets", ())))
