"""The bootstrap: which Python it takes, and how pip's settings become uv's."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from ckanext.govdata.embedded.home import CHECKOUT


@pytest.fixture(scope="module")
def bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", CHECKOUT / "config" / "bootstrap.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_an_interpreter_is_asked_for_its_version(bootstrap: ModuleType) -> None:
    assert bootstrap.version_of(sys.executable) == sys.version_info[:2]


def test_a_shim_that_does_not_run_is_passed_over(bootstrap: ModuleType, tmp_path: Path) -> None:
    shim = tmp_path / "python3.12"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    assert bootstrap.version_of(str(shim)) is None


def test_a_candidate_on_the_path_is_found_once(
    bootstrap: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "python3").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", os.pathsep.join([str(tmp_path), str(tmp_path)]))
    monkeypatch.delenv("GOVDATA_PYTHON", raising=False)
    assert bootstrap.interpreters() == [(str(tmp_path / "python3"), sys.version_info[:2])]


def test_the_first_supported_version_is_chosen(bootstrap: ModuleType) -> None:
    assert bootstrap.choose([("/a", (3, 9)), ("/b", (3, 13)), ("/c", (3, 11)), ("/d", (3, 12))]) == "/c"


def test_without_a_supported_version_both_languages_say_what_to_install(
    bootstrap: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        bootstrap.choose([("/usr/bin/python3", (3, 8))])
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "/usr/bin/python3 (3.8)" in told
    assert "需要 Python 3.10" in told
    assert "is needed" in told


def test_settings_made_for_pip_reach_uv(bootstrap: ModuleType, tmp_path: Path) -> None:
    environment = bootstrap.uv_environment(
        [],
        {
            "PIP_INDEX_URL": "https://mirror.example/simple",
            "PIP_CERT": "/etc/ca.pem",
            "PIP_DEFAULT_TIMEOUT": "180",
            "PIP_FIND_LINKS": f"{tmp_path} {tmp_path}/absent",
            "PYTHONPATH": "/elsewhere",
        },
    )
    assert environment["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"
    assert environment["SSL_CERT_FILE"] == "/etc/ca.pem"
    assert environment["UV_HTTP_TIMEOUT"] == "180"
    assert environment["UV_FIND_LINKS"] == str(tmp_path)
    assert "PYTHONPATH" not in environment


def test_uvs_own_settings_win(bootstrap: ModuleType) -> None:
    given = {"PIP_INDEX_URL": "https://pip.example", "UV_DEFAULT_INDEX": "https://uv.example"}
    assert bootstrap.uv_environment([], given)["UV_DEFAULT_INDEX"] == "https://uv.example"


def test_a_folder_of_wheels_that_does_not_exist_is_left_out(bootstrap: ModuleType, tmp_path: Path) -> None:
    environment = bootstrap.uv_environment([], {"PIP_FIND_LINKS": str(tmp_path / "absent")})
    assert "UV_FIND_LINKS" not in environment


def test_another_lock_asks_for_another_installation(
    bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = bootstrap.fingerprint("run")
    monkeypatch.setattr(bootstrap, "read", lambda *parts: b"changed")
    assert bootstrap.fingerprint("run") != before


def test_the_test_lock_holds_everything_of_the_other_one() -> None:
    def pins(name: str) -> set[str]:
        text = (CHECKOUT / "config" / "locks" / name).read_text(encoding="utf-8")
        # The tests may need for every Python what the portal needs for one.
        return {line.split()[0] for line in text.splitlines() if line[:1].isalnum()}

    assert pins("requirements.lock") <= pins("test.lock")


@pytest.mark.parametrize("name", ["uv.lock", "requirements.lock", "test.lock"])
def test_every_pin_carries_a_hash(name: str) -> None:
    lines = (CHECKOUT / "config" / "locks" / name).read_text(encoding="utf-8").splitlines()
    pins = [number for number, line in enumerate(lines) if "==" in line and line[:1].isalnum()]
    assert pins
    assert not [lines[number] for number in pins if "--hash=sha256:" not in lines[number + 1]]
