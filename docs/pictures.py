"""Takes the pictures of the README from a running stack: ``python docs/pictures.py .govdata/run.json``.

Needs Playwright (in the test requirements) and the system's Chromium. Every picture is of the demonstration
city; nothing is changed on the stack.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = Path(__file__).parent / "images"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
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
WIDE = (1200, 800)
TALL = (1200, 1000)
PHONE = (390, 780)
LARGEST = 300_000
"""Bytes that a picture may have."""
COLOURS = 128


@dataclass(frozen=True, slots=True)
class Picture:
    """``path`` as seen by ``role`` (None: the public), from the element ``top`` on where one is given.

    ``follow``: the link of that page that leads to what is shown.
    """

    name: str
    path: str
    role: str | None = None
    size: tuple[int, int] = WIDE
    top: str | None = None
    follow: str | None = None


def pictures(run: dict[str, Any]) -> list[Picture]:
    """What is shown where; the entries are found by the state that the demonstration left them in."""
    scanned = _release(run, "scanned")
    submitted = _release(run, "submitted")
    return [
        Picture("home", "/"),
        Picture("search", "/dataset?q=停车", size=TALL),
        Picture("dataset", "/dataset/parking-lots", size=TALL),
        Picture("plan", f"/release/{scanned['release']}", _of(run, "compiler", scanned), TALL, "main h2"),
        Picture(
            "report", f"/release/{submitted['release']}", _of(run, "reviewer", submitted), TALL, "#gr-report"
        ),
        Picture("queue", "/release/queue", _of(run, "reviewer", submitted)),
        Picture("phone", "/dataset/parking-lots", size=PHONE),
        Picture("case", "/licensing/inbox", "administrator", TALL, follow="main tbody a"),
        Picture("filing-desk", "/licensing/filings", "administrator", TALL),
        Picture("developer", "/licensing/developer", "developer", follow="main article h3 a"),
        Picture("verify", "/licensing/verify"),
    ]


def _release(run: dict[str, Any], state: str) -> dict[str, Any]:
    for entry in run["datasets"]:
        if entry["state"] == state and entry.get("release"):
            return dict(entry)
    raise SystemExit(f"No release of the demonstration is {state}: load the demonstration anew.")


def _of(run: dict[str, Any], duty: str, entry: dict[str, Any]) -> str:
    for account in run["accounts"]:
        if account["organization"] == entry["organization"] and account["role"].startswith(duty):
            return str(account["role"])
    raise SystemExit(f"No {duty} of {entry['organization']} in run.json.")


def log_in(page: Page, site: str, account: dict[str, Any]) -> None:
    """By the form, as a person does."""
    page.goto(f"{site}/user/login")
    page.fill('input[name="login"]', account["name"])
    page.fill('input[name="password"]', account["password"])
    page.locator("form:has(input[name=password]) [type=submit]").click()
    page.wait_for_url(lambda url: "/user/login" not in url)


def take(browser: Browser, run: dict[str, Any], picture: Picture) -> bytes:
    """PNG of the picture, in Chinese and in light colours."""
    site = run["site_url"].rstrip("/")
    width, height = picture.size
    context = browser.new_context(
        locale="zh-CN", color_scheme="light", viewport={"width": width, "height": height}
    )
    try:
        page = context.new_page()
        if picture.role:
            log_in(page, site, next(a for a in run["accounts"] if a["role"] == picture.role))
        answer = page.goto(site + picture.path, wait_until="networkidle")
        if answer is None or not answer.ok:
            raise SystemExit(f"{picture.path} answered {answer.status if answer else 'nothing'}.")
        if picture.follow:
            page.locator(picture.follow).first.click()
            page.wait_for_load_state("networkidle")
        if picture.top and page.locator(picture.top).count():
            page.locator(picture.top).first.evaluate(
                "e => e.scrollIntoView({block: 'start', behavior: 'instant'})"
            )
        return page.screenshot()
    finally:
        context.close()


def shrinker() -> Callable[[bytes], bytes]:
    """Fewer colours where Pillow is installed; else the picture as it is."""
    try:
        from PIL import Image
    except ImportError:
        return lambda png: png

    def shrink(png: bytes) -> bytes:
        small = io.BytesIO()
        Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS).save(small, "PNG", optimize=True)
        return small.getvalue()

    return shrink


def main() -> None:
    """Take every picture; end with 1 when one of them is too large."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="run.json of a running stack with the demonstration")
    run = json.loads(parser.parse_args().run.read_text("utf-8"))
    chromium = next((found for name in NAMES if (found := shutil.which(name))), None)
    if chromium is None:
        raise SystemExit("Chromium is not installed.")
    IMAGES.mkdir(exist_ok=True)
    shrink = shrinker()
    too_large = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        for picture in pictures(run):
            png = shrink(take(browser, run, picture))
            (IMAGES / f"{picture.name}.png").write_bytes(png)
            print(f"{picture.name}.png {len(png) // 1000} kB")
            if len(png) > LARGEST:
                too_large.append(picture.name)
        browser.close()
    if too_large:
        sys.exit(f"Larger than {LARGEST // 1000} kB: {', '.join(too_large)}")


if __name__ == "__main__":
    main()
