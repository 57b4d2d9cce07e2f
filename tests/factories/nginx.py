"""nginx with the very configuration of the compose file, in front of a running stack."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from ckanext.govdata.embedded.ports import free_block
from tests.stack import ROOT

_MAIN = """\
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 256; }}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  include {folder}/{site};
}}
"""
_PATH = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin"


def program() -> str | None:
    """Where nginx is, if it is installed."""
    return shutil.which("nginx", path=_PATH)


def portal_site(base_url: str, folder: Path, port: int) -> str:
    """The compose file's configuration, for a portal at ``base_url`` and with no limit that readers meet."""
    text = (ROOT / "config" / "nginx" / "govdata.conf").read_text(encoding="utf-8")
    for before, after in (
        ("server web:5000;", f"server {base_url.removeprefix('http://')};"),
        ("listen 80 default_server;", f"listen 127.0.0.1:{port};"),
        ("/var/cache/nginx/pages", f"{folder}/pages"),
        ("/dev/stdout", f"{folder}/access.log"),
        ("rate=50r/s", "rate=5000r/s"),
    ):
        assert before in text, before
        text = text.replace(before, after)
    return text


@contextmanager
def serving(folder: Path, port: int, site: str) -> Iterator[str]:
    """nginx with ``site`` as its configuration: its address. Raises RuntimeError where none is installed."""
    found = program()
    if found is None:
        raise RuntimeError("nginx is not installed")
    folder.chmod(0o755)
    (folder / "site.conf").write_text(site, encoding="utf-8")
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder, site="site.conf"))
    user = ["-g", "user root;"] if Path("/proc/self").owner() == "root" else []
    server = subprocess.Popen([found, "-c", str(folder / "nginx.conf"), *user])
    address = f"http://127.0.0.1:{port}"
    try:
        with httpx.Client(transport=httpx.HTTPTransport(retries=8), timeout=20) as client:
            client.get(f"{address}/nginx-health").raise_for_status()
        yield address
    finally:
        server.terminate()
        server.wait(20)


@contextmanager
def in_front_of(base_url: str, folder: Path) -> Iterator[str]:
    """nginx in front of the portal at ``base_url``: its address."""
    port = free_block(1)
    with serving(folder, port, portal_site(base_url, folder, port)) as address:
        yield address
