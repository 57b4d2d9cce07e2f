"""What the tests of the worker serve: a small application behind the cache, told what to do by its address.

Run by gunicorn with ``CACHE_URL``. What the pages show is in the file ``CACHE_SHOWS``; each page that is made
adds a line to ``CACHE_MADE``, and calls of the API that were counted stand in ``CACHE_CALLS``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import redis

from ckanext.govdata.cache import invalidation, recording
from ckanext.govdata.cache.layer import CacheLayer
from ckanext.govdata.cache.tally import Tally
from ckanext.govdata.cache.versions import Versions
from ckanext.govdata.cache.wire import Wire

URL = os.environ["CACHE_URL"]
SHOWS, MADE, CALLS = (Path(os.environ[name]) for name in ("CACHE_SHOWS", "CACHE_MADE", "CACHE_CALLS"))
ENDPOINTS = {
    "/about": "home.about",
    "/en/about": "home.about",
    "/api/3/action/package_list": "api.action",
    "/robots.txt": "govdata_feeds.robots",
}


def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Shows the file, or what it was sent."""
    path = environ["PATH_INFO"]
    with MADE.open("a") as made:
        made.write(f"{path}\n")
    recording.depends("catalogue")
    recording.answered_by(ENDPOINTS.get(path, "other"))
    body = SHOWS.read_bytes()
    if path == "/echo":
        body = environ["wsgi.input"].read()
    kind = "text/plain" if path == "/robots.txt" else "text/html; charset=utf-8"
    start_response("200 OK", [("Content-Type", kind), ("Content-Length", str(len(body)))])
    return [body]


def counted(day: str, calls: int) -> bool:
    """Add to the file of calls."""
    with CALLS.open("a") as told:
        told.write(f"{day} {calls}\n")
    return True


versions = Versions(redis.Redis.from_url(URL, socket_timeout=1))
invalidation.store = lambda: versions  # type: ignore[assignment]
application = CacheLayer(
    app, versions, Wire(URL), site_url="http://portal.example", build="tests", locales=("en",),
    zone="Asia/Shanghai", tally=Tally(counted),
)  # fmt: skip
