"""A real browser for the tests that walk through pages.

The system's Chromium is used; as root it may be installed by apt-get. Playwright's own download is not.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> str | None:
    """Path of the browser that ``GOVDATA_CHROMIUM`` names, or of one on the PATH."""
    named = os.environ.get("GOVDATA_CHROMIUM")
    return named or next((path for path in map(shutil.which, NAMES) if path), None)


def install() -> str | None:
    """Install Chromium with apt-get when this is root on a Debian; its path, or None."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return None
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        done = subprocess.run(
            [apt, *arguments], env=environment, capture_output=True, timeout=300, check=False
        )
        if done.returncode != 0:
            return None
    return find()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; the whole layer says clearly that it was skipped when there is none."""
    path = find() or install()
    if path is None:
        pytest.skip("没有 Chromium,浏览器测试未执行 / no Chromium: the browser tests were not run")
    return path


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for the session; each test opens contexts of its own."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=list(OPTIONS))
        yield running
        running.close()
