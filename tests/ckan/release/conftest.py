"""A department with its officers on the running stack, spoken to over HTTP like everybody else does.

CKAN is also booted in this process on the stack's own configuration: to set the scene (accounts, entries)
and to play a worker that dies at a chosen moment.
"""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

WORKING = {"scanning", "running", "publishing"}
PATIENCE = 120.0
ENTRY = {
    "notes": "测试条目",
    "catalogue_class": "2",
    "open_type": "unconditional",
    "secrecy": "none",
    "share_type": "unconditional",
    "theme": "health",
    "update_cycle": "daily",
}


@dataclass(frozen=True)
class Answer:
    """An answer of the action API: HTTP status and ``result`` or ``error``."""

    status: int
    body: Any

    def ok(self) -> Any:
        assert self.status == 200, (self.status, self.body)
        return self.body


@dataclass
class Site:
    """The running portal with two departments and the officers of the tests."""

    base: str
    home: Path
    tag: str
    tokens: dict[str, str] = field(default_factory=dict, repr=False)
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=60))

    def call(self, who: str | None, action: str, files: Any = None, **data: Any) -> Answer:
        """Call an action as ``who`` (None: anonymous)."""
        headers = {"Authorization": self.tokens[who]} if who else {}
        url = f"{self.base}/api/3/action/{action}"
        if files is not None:
            response = self.http.post(url, data=data, files=files, headers=headers)
        else:
            response = self.http.post(url, json=data, headers=headers)
        body = response.json()
        return Answer(response.status_code, body["result"] if body["success"] else body["error"])

    def get(self, path: str, who: str | None = None, **headers: str) -> httpx.Response:
        if who:
            headers["Authorization"] = self.tokens[who]
        return self.http.get(self.base + path, headers=headers)

    def department(self, which: str) -> str:
        return f"{which}-{self.tag}"

    def entry(self, name: str, **changes: Any) -> str:
        """A new catalogue entry of the first department, set up by the system administrator; its name."""
        name = f"{name}-{self.tag}-{secrets.token_hex(3)}"
        self.call(
            "sysadmin",
            "package_create",
            name=name,
            title=name,
            owner_org=self.department("a"),
            **{**ENTRY, **changes},
        ).ok()
        return name

    def create(self, dataset: str, filename: str, content: bytes, **changes: Any) -> str:
        data = {"dataset_id": dataset, "origin": "own", **changes}
        upload = {"upload": (filename, content)}
        return str(self.call("compiler", "govdata_release_create", files=upload, **data).ok()["id"])

    def show(self, release: str, who: str = "compiler") -> dict[str, Any]:
        return dict(self.call(who, "govdata_release_show", id=release).ok())

    def settled(self, release: str, patience: float = PATIENCE) -> dict[str, Any]:
        """The release once no worker holds it any more."""
        return self.until(lambda: self.show(release), lambda r: r["state"] not in WORKING, patience)

    def until(
        self,
        ask: Callable[[], dict[str, Any]],
        enough: Callable[[dict[str, Any]], bool],
        patience: float = PATIENCE,
    ) -> dict[str, Any]:
        """Ask the running server until the answer is enough; it works in processes of its own."""
        pause, end = threading.Event(), time.monotonic() + patience
        while not enough(answer := ask()):
            assert time.monotonic() < end, {k: answer.get(k) for k in ("state", "progress", "failure")}
            pause.wait(0.2)
        return answer

    def scanned(self, dataset: str, filename: str, content: bytes, **changes: Any) -> str:
        release = self.create(dataset, filename, content, **changes)
        self.call("compiler", "govdata_release_scan", id=release).ok()
        assert self.settled(release)["state"] == "scanned", self.show(release)["failure"]
        return release

    def assessed(self, dataset: str, filename: str, content: bytes, **changes: Any) -> str:
        release = self.scanned(dataset, filename, content, **changes)
        self.call("compiler", "govdata_release_plan", id=release).ok()
        self.call("compiler", "govdata_release_run", id=release).ok()
        assert self.settled(release)["state"] == "assessed", self.show(release)["failure"]
        return release

    def submitted(self, dataset: str, filename: str, content: bytes, **changes: Any) -> str:
        release = self.assessed(dataset, filename, content, **changes)
        self.call("reviewer", "govdata_release_sign_off", id=release, conclusion="pass").ok()
        self.call("compiler", "govdata_release_submit", id=release).ok()
        return release

    def approved(self, dataset: str, filename: str, content: bytes, **changes: Any) -> str:
        release = self.submitted(dataset, filename, content, **changes)
        self.call("reviewer", "govdata_release_approve", id=release, opinion="同意").ok()
        return release

    def published(self, dataset: str, filename: str, content: bytes, **changes: Any) -> str:
        release = self.approved(dataset, filename, content, **changes)
        self.call("compiler", "govdata_release_publish", id=release).ok()
        assert self.settled(release)["state"] == "published", self.show(release)["failure"]
        return release


@pytest.fixture(scope="session")
def ckan_app() -> Iterator[Any]:
    """CKAN in this process, on the configuration and the keys of the running stack."""
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    from ckanext.govdata.embedded.environment import portal_environment
    from ckanext.govdata.embedded.home import locate
    from ckanext.govdata.embedded.secrets import load

    home = locate()
    assert home.secrets_file.is_file(), "these tests need a running stack: GOVDATA_HOME=… govdata up"
    before = dict(os.environ)
    os.environ.update(portal_environment(home, load(home.secrets_file)))
    app = make_app(load_config(str(home.ini)))
    yield app._wsgi_app
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="session")
def site(ckan_app: Any) -> Site:
    """Two departments (a, b) and their officers, made for this session."""
    from ckan.plugins import toolkit as tk

    from ckanext.govdata.embedded.home import locate

    home = locate()
    made = Site(home.site_url, Path(home.root), secrets.token_hex(4))
    people = {
        "compiler": ("a", ["compiler"]),
        "compiler_too": ("a", ["compiler", "reviewer", "secrecy"]),
        "reviewer": ("a", ["reviewer", "secrecy"]),
        "stranger": ("b", ["compiler"]),
        "strange_reviewer": ("b", ["reviewer", "secrecy"]),
        "developer": (None, []),
        "administrator": (None, ["administrator"]),
        "supervisor": (None, ["supervisor"]),
        "sysadmin": (None, []),
    }
    with ckan_app.test_request_context():
        root = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]

        def act(action: str, **data: Any) -> Any:
            return tk.get_action(action)({"ignore_auth": True, "user": root}, data)

        for which, title in (("a", "甲局"), ("b", "乙局")):
            act("organization_create", name=made.department(which), title=f"{title}{made.tag}")
        for who, (which, roles) in people.items():
            name = f"{who}-{made.tag}"
            act("user_create", name=name, email=f"{name}@example.org", password=secrets.token_urlsafe(16))
            if roles:
                place = {"organization": made.department(which)} if which else {}
                act("govdata_officer_set", user=name, roles=roles, **place)
            if who == "sysadmin":
                act("user_patch", id=name, sysadmin=True)
            made.tokens[who] = act("api_token_create", user=name, name="tests")["token"]
    return made


@pytest.fixture
def in_process(ckan_app: Any) -> Iterator[Any]:
    """The database session of this process, inside a request as the services expect it."""
    from ckan import model

    with ckan_app.test_request_context():
        yield model.Session
        model.Session.rollback()
        model.Session.remove()


@pytest.fixture(scope="session")
def stack_folders(site: Site) -> list[Path]:
    """Everywhere the stack writes: its home (data, logs), the database's files, its temporary folder."""
    from ckanext.govdata.embedded import postgres
    from ckanext.govdata.embedded.home import locate

    home = locate()
    return list(dict.fromkeys([site.home, postgres.place(home).data, Path(home.tmp)]))
