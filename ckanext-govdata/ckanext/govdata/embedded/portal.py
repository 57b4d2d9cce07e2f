"""The portal's own processes: web (gunicorn), worker and scheduler."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import requests

from .home import Home

_ACCESS_LOG = '%(t)s "%(m)s %(U)s" %(s)s %(B)s %(M)sms'
"""Without addresses and query strings: what a person looked for is nobody's business."""


def tool(name: str) -> str:
    """Path of a program of this virtual environment."""
    return str(Path(sys.executable).with_name(name))


def web_command(home: Home) -> list[str]:
    """gunicorn with threads, as a slow download must not hold a process, and the cache in front of them."""
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "--bind",
        f"{home.host}:{home.web_port}",
        "--workers",
        os.environ.get("GOVDATA_WEB_WORKERS", "2"),
        "--worker-class",
        "ckanext.govdata.cache.worker.CacheWorker",
        "--threads",
        "8",
        "--timeout",
        "180",
        "--graceful-timeout",
        "15",
        "--keep-alive",
        "5",
        "--worker-tmp-dir",
        str(home.tmp),
        "--access-logfile",
        "-",
        "--access-logformat",
        _ACCESS_LOG,
        "--log-level",
        "warning",
        "ckanext.govdata.embedded.wsgi:application",
    ]


def worker_command(home: Home) -> list[str]:
    """CKAN's job worker."""
    return [tool("ckan"), "-c", str(home.ini), "jobs", "worker"]


def scheduler_command(home: Home) -> list[str]:
    """The portal's loop of recurring work."""
    return [tool("ckan"), "-c", str(home.ini), "govdata", "scheduler"]


def gather_command(home: Home) -> list[str]:
    """The consumer that lists what a harvest has to fetch."""
    return [tool("ckan"), "-c", str(home.ini), "govdata", "harvest", "gather"]


def fetch_command(home: Home) -> list[str]:
    """The consumer that fetches and imports."""
    return [tool("ckan"), "-c", str(home.ini), "govdata", "harvest", "fetch"]


def is_ready(home: Home) -> bool:
    """Whether the portal answers an API call."""
    try:
        answer = requests.get(f"{local_url(home)}/api/3/action/status_show", timeout=10)
    except requests.RequestException:
        return False
    return answer.ok


def local_url(home: Home) -> str:
    """Address of the web server as this machine reaches it, whatever the public address is."""
    host = "127.0.0.1" if home.host in ("0.0.0.0", "::", "") else home.host  # noqa: S104 - compared, not bound
    return f"http://{host}:{home.web_port}"
