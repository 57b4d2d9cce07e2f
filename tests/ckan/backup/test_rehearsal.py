"""The rehearsal: a backup of the running stack comes to life on an empty machine, and nothing is missing."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from ckanext.govdata.backup import manifest
from ckanext.govdata.embedded import postgres
from ckanext.govdata.embedded.home import Home
from ckanext.govdata.embedded.ports import free_block
from ckanext.govdata.embedded.secrets import load

CLI = [sys.executable, "-m", "ckanext.govdata.cli", "--lang", "en"]
SEARCHED = "停车"


def _environment(**more: str) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items()
        if not name.startswith(("GOVDATA_", "LICENSING_", "CKAN_", "TMPDIR"))
    }  # fmt: skip
    passed = ("GOVDATA_MAVEN_REPOSITORY", "GOVDATA_JAR_CACHE", "GOVDATA_JAVA")
    return {**kept, **{name: os.environ[name] for name in passed if name in os.environ}, **more}


def _govdata(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*CLI, *arguments], capture_output=True, text=True, check=False,
        env=_environment(GOVDATA_HOME=str(home), **more),
    )  # fmt: skip


@pytest.fixture(scope="module")
def before(site: Any) -> dict[str, Any]:
    """What the public and an account see of the running stack."""
    with httpx.Client(base_url=site.base, timeout=60) as client:
        files = {}
        told = json.loads((site.home / "run.json").read_text(encoding="utf-8"))
        for entry in client.get("/api/3/action/package_search", params={"rows": 1000}).json()["result"][
            "results"
        ]:
            for each in entry["resources"]:
                path = httpx.URL(each["url"]).raw_path.decode()
                if "/latest/" in path and len(files) < 12:
                    files[path] = hashlib.sha256(client.get(path).content).hexdigest()
        assert len(files) >= 6, "the demonstration has published data"
        found = client.get("/api/3/action/package_search", params={"q": SEARCHED, "rows": 0}).json()
        assert found["result"]["count"] > 0
    return {"files": files, "count": found["result"]["count"], "accounts": told["accounts"]}


@pytest.fixture(scope="module")
def kept(site: Any, before: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup, taken while the stack runs."""
    folder = tmp_path_factory.mktemp("backup") / "kept"
    done = _govdata(site.home, "backup", str(folder))
    assert done.returncode == 0, done.stderr
    assert "point of recovery" in done.stdout
    return folder


@pytest.fixture(scope="module")
def after(site: Any, kept: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, Path]]:
    """The same installation on another machine: nothing but the keys and the backup."""
    home = tmp_path_factory.mktemp("new") / "home"
    home.mkdir()
    later = site.entry("after-the-backup")  # a change that the point does not know
    shutil.copy(site.home / "secrets.json", home / "secrets.json")
    base = free_block(4, 31000)
    ports = {"GOVDATA_PORT": str(base + 3), "GOVDATA_PORT_BASE": str(base), "GOVDATA_WEB_WORKERS": "1"}
    try:
        done = _govdata(home, "restore", str(kept), **ports)
        assert done.returncode == 0, done.stdout + done.stderr
        (home / "later").write_text(later)
        yield f"http://127.0.0.1:{base + 3}", done.stdout, home
    finally:
        _govdata(home, "down")
        _govdata(home, "destroy", "--yes")


@pytest.mark.article("HBP-14", "QD-19")
@pytest.mark.timeout(900)
def test_everything_is_there_on_an_empty_machine(
    before: dict[str, Any], after: tuple[str, str, Path], site: Any
) -> None:
    base, said, home = after
    assert "RPO" in said
    assert "RTO" in said
    assert "ledger entries verified against the witness" in said
    with httpx.Client(base_url=base, timeout=60, follow_redirects=True) as client:
        for path, digest in before["files"].items():
            answer = client.get(path)
            assert answer.status_code == 200, path
            assert hashlib.sha256(answer.content).hexdigest() == digest, path
        found = client.get("/api/3/action/package_search", params={"q": SEARCHED, "rows": 0}).json()
        assert found["result"]["count"] == before["count"], "the index was built anew"
        later = (home / "later").read_text()
        assert client.get("/api/3/action/package_show", params={"id": later}).status_code == 404
        account = next(each for each in before["accounts"] if each["role"] == "compiler")
        shown = client.get(
            "/api/3/action/user_show", params={"id": account["name"]},
            headers={"Authorization": account["api_token"]},
        ).json()  # fmt: skip
        assert shown["success"], "tokens hold"
        page = client.get("/user/login").text
        token = page.split('name="_csrf_token" value="')[1].split('"')[0]
        client.post(
            "/user/login",
            data={"login": account["name"], "password": account["password"], "_csrf_token": token},
        )
        assert client.get("/dashboard/datasets").url.path.startswith("/dashboard")
    here, there = _ledger(site.home), _ledger(home)
    assert there[: len(here)] == here[: len(there)]
    assert len(there) > 0
    assert _tables(site.home) == _tables(home)
    assert _roles(site.home) == _roles(home)


@pytest.mark.timeout(300)
def test_what_is_not_whole_or_not_its_own_touches_nothing(
    kept: Path, after: tuple[str, str, Path], tmp_path: Path
) -> None:
    base, _said, home = after
    refused = _govdata(home, "restore", str(kept))
    assert refused.returncode == 9
    assert "--replace" in refused.stderr
    secrets = load(home / "secrets.json")
    copy = tmp_path / "copy"
    shutil.copytree(kept, copy)
    content = manifest.read(copy, None, secrets)
    dump = copy / "pool" / content["databases"]["ckan"]["sha256"][:2] / content["databases"]["ckan"]["sha256"]
    dump.write_bytes(dump.read_bytes()[:-1])
    for arguments in (("backup", "verify", str(copy)), ("restore", str(copy), "--replace")):
        cut = _govdata(home, *arguments)
        assert cut.returncode == 8, cut.stderr
        assert "ckan" in cut.stderr
    other = tmp_path / "other"
    other.mkdir()
    others = json.loads((home / "secrets.json").read_text())
    (other / "secrets.json").write_text(json.dumps({**others, "ca_passphrase": "another"}))
    wrong = _govdata(other, "restore", str(kept))
    assert wrong.returncode == 9
    assert "ca_passphrase" in wrong.stderr
    assert sorted(path.name for path in other.iterdir()) == ["secrets.json"]
    assert httpx.get(f"{base}/api/3/action/status_show", timeout=60).status_code == 200


def _where(home: Path) -> tuple[postgres.Place, Any]:
    place = postgres.place(Home(home, "127.0.0.1", 0, 0))
    return place, load(home / "secrets.json")


def _ask(home: Path, database: str, question: str) -> list[Any]:
    place, secrets = _where(home)
    connection = postgres.connect(place, secrets.postgres_password, database)
    with connection.cursor() as cursor:
        cursor.execute(question)
        rows = list(cursor.fetchall())
    connection.close()
    return rows


def _ledger(home: Path) -> list[Any]:
    return _ask(
        home,
        postgres.LICENSING_DB,
        "SELECT sequence, sha256 FROM licensing_ledger_entry ORDER BY 1",
    )


def _tables(home: Path) -> list[Any]:
    question = (
        "SELECT n.nspname, c.relname, c.relkind::text, pg_get_userbyid(c.relowner) FROM pg_class c "
        "JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname NOT LIKE 'pg_%' AND n.nspname <> 'information_schema' "
        "AND c.relkind IN ('r', 'v', 'S') ORDER BY 1, 2"
    )
    return [
        (name, _ask(home, name, question))
        for name in (postgres.MAIN_DB, postgres.LICENSING_DB, postgres.DOOR_DB)
    ]


def _roles(home: Path) -> list[Any]:
    question = "SELECT rolname, rolcanlogin, rolinherit, rolcreaterole FROM pg_roles ORDER BY 1"
    return _ask(home, postgres.MAIN_DB, question)
