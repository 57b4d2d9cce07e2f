"""The system's own Chromium, driven by Playwright; nothing of it is downloaded."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
UPDATE = ["apt-get", "update", "-q"]
INSTALL = ["apt-get", "install", "-q", "-y", "--no-install-recommends", "chromium"]
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def system_chromium() -> str | None:
    """The browser that the machine has, by any of its usual names."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def installed_chromium() -> str:
    """The browser's path, installed by the system's packages when we may, else a skip that says why."""
    found = system_chromium()
    if found:
        return found
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        pytest.skip(
            "没有找到 Chromium，也无权用 apt-get 安装，浏览器测试未运行。"
            " / No Chromium was found and it may not be installed (no root or no apt-get): skipped."
        )
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (UPDATE, INSTALL):
        done = subprocess.run(command, env=environment, capture_output=True, timeout=600, check=False)
        if done.returncode:
            pytest.skip(f"Chromium could not be installed: {' '.join(command)} ended with {done.returncode}")
    found = system_chromium()
    if not found:
        pytest.skip("Chromium was installed but is not on the path")
    return found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    chromium = playwright.chromium.launch(executable_path=installed_chromium(), args=QUIET)
    yield chromium
    chromium.close()


@pytest.fixture
def screenshots(request: pytest.FixtureRequest) -> Path:
    """Where a test may leave pictures of what it saw."""
    folder = Path(__file__).resolve().parents[2] / "build" / "screenshots" / request.node.name[:80]
    folder.mkdir(parents=True, exist_ok=True)
    return folder
