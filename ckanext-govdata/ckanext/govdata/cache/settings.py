"""The cache's options, one typed reader each; the declaration stands in config_declaration.yaml."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ckan.plugins import toolkit as tk

PREFIX = "ckanext.govdata.cache."


def url() -> str:
    """Where the cache's own Valkey is; empty when nothing is to be cached."""
    return str(tk.config.get(PREFIX + "url") or "")


def page_bytes() -> int:
    """The largest page that is kept."""
    return int(tk.config[PREFIX + "page_bytes"])


def memory_bytes() -> int:
    """How much one web process holds by itself."""
    return int(tk.config[PREFIX + "memory_bytes"])


def page_seconds() -> int:
    """How long a page that nothing changes is kept."""
    return int(tk.config[PREFIX + "page_seconds"])


def ignored_cookies() -> frozenset[str]:
    """Cookies of whatever stands in front of the portal, which say nothing about who is there."""
    return frozenset(tk.config[PREFIX + "ignored_cookies"])


def build(ini: str) -> str:
    """A name for this code with this configuration: pages made by another one are never shown."""
    digest = hashlib.sha256(Path(ini).read_bytes())
    package = Path(__file__).resolve().parents[1]
    for path in sorted(package.rglob("*")):
        if path.suffix in (".py", ".html", ".mo", ".yaml", ".js", ".css", ".svg"):
            found = path.stat()
            digest.update(f"{path.relative_to(package)} {found.st_size} {found.st_mtime_ns}".encode())
    return digest.hexdigest()[:16]
