"""nginx with the very configuration of the compose file, in front of the running stack."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from ckanext.govdata.embedded.ports import free_block
from tests.stack import ROOT, Stack

_MAIN = """\
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 256; }}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  include {folder}/govdata.conf;
}}
"""


@pytest.fixture(scope="session")
def nginx(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address; the test says so where no nginx is installed."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    if program is None:
        pytest.skip("本机没有安装 nginx,未经它检验 / no nginx is installed here to test through")
    folder: Path = tmp_path_factory.mktemp("nginx")
    folder.chmod(0o755)
    port = free_block(1)
    text = (ROOT / "config" / "nginx" / "govdata.conf").read_text(encoding="utf-8")
    for before, after in (
        ("server web:5000;", f"server {stack.base_url.removeprefix('http://')};"),
        ("listen 80 default_server;", f"listen 127.0.0.1:{port};"),
        ("/var/cache/nginx/pages", f"{folder}/pages"),
        ("/dev/stdout", f"{folder}/access.log"),
        ("rate=50r/s", "rate=5000r/s"),
    ):
        assert before in text, before
        text = text.replace(before, after)
    (folder / "govdata.conf").write_text(text, encoding="utf-8")
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder))
    user = ["-g", "user root;"] if Path("/proc/self").owner() == "root" else []
    server = subprocess.Popen([program, "-c", str(folder / "nginx.conf"), *user])
    address = f"http://127.0.0.1:{port}"
    transport = httpx.HTTPTransport(retries=8)
    with httpx.Client(transport=transport, timeout=20) as client:
        client.get(f"{address}/nginx-health").raise_for_status()
    yield address
    server.terminate()
    server.wait(20)
