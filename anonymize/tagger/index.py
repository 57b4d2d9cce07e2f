"""The package index of this installation: the one that pip and uv are set up with, or their common default.

On a closed network a mirror, a certificate or a folder of files is set up once, for pip. What holds there
holds here: environment first, then pip's configuration files; of several files the most particular one wins.
"""

from __future__ import annotations

import configparser
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests
from pypi_simple import PYPI_SIMPLE_ENDPOINT

_SECTIONS = ("global", "install", "download")
_NO = frozenset({"", "0", "no", "off", "false"})
_TIMEOUT = 60.0


@dataclass(frozen=True)
class Index:
    """Where packages come from. Its addresses may hold passwords, so none of them is ever shown."""

    addresses: tuple[str, ...]
    """Simple indexes, in the order in which they are asked; none when the network is not to be used."""
    folders: tuple[Path, ...]
    """Folders that hold package files (pip's find-links)."""
    certificate: str | None
    trusted: frozenset[str]
    """Hosts whose certificate is not checked."""
    timeout: float
    """Seconds to wait for the next answer of the network."""

    def session(self, address: str) -> requests.Session:
        """A session for ``address`` with the certificate that was set up."""
        session = requests.Session()
        parts = urlsplit(address)
        if parts.hostname in self.trusted or f"{parts.hostname}:{parts.port}" in self.trusted:
            session.verify = False
        elif self.certificate:
            session.verify = self.certificate
        return session


def configured(environment: Mapping[str, str] | None = None) -> Index:
    """The index as the environment and pip's files describe it."""
    env = os.environ if environment is None else environment
    settings = dict(_from_files(env))
    settings |= {
        name[4:].lower().replace("_", "-"): value for name, value in env.items() if name[:4] == "PIP_"
    }
    main = (
        env.get("UV_DEFAULT_INDEX")
        or env.get("UV_INDEX_URL")
        or settings.get("index-url")
        or PYPI_SIMPLE_ENDPOINT
    )
    further = env.get("UV_INDEX") or env.get("UV_EXTRA_INDEX_URL") or settings.get("extra-index-url") or ""
    links = (env.get("UV_FIND_LINKS") or "").split(",") + settings.get("find-links", "").split()
    offline = settings.get("no-index", "").lower() not in _NO or env.get("UV_NO_INDEX", "").lower() not in _NO
    return Index(
        addresses=() if offline else tuple(_unnamed(address) for address in (main, *further.split())),
        folders=tuple(_folders(links)),
        certificate=settings.get("cert") or env.get("SSL_CERT_FILE") or None,
        trusted=frozenset(f"{settings.get('trusted-host', '')} {env.get('UV_INSECURE_HOST', '')}".split()),
        timeout=_seconds(
            settings.get("default-timeout") or settings.get("timeout") or env.get("UV_HTTP_TIMEOUT")
        ),
    )


def _unnamed(address: str) -> str:
    """uv allows ``name=address``; the address of it."""
    name, mark, rest = address.partition("=")
    return rest if mark and "/" not in name else address


def _folders(links: list[str]) -> Iterator[Path]:
    for link in links:
        folder = Path(link.removeprefix("file://")).expanduser()
        if link and folder.is_dir():
            yield folder


def _seconds(value: str | None) -> float:
    try:
        return float(value) if value else _TIMEOUT
    except ValueError:
        return _TIMEOUT


def _from_files(env: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Settings of pip's files, general ones first, so that later ones win."""
    for path in _files(env):
        # pip writes no %-interpolation, and a password may hold that sign
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        try:
            parser.read(path, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue  # pip itself will complain about this file; here it only means "nothing set"
        for section in _SECTIONS:
            if parser.has_section(section):
                for name, value in parser.items(section):
                    yield name.replace("_", "-"), " ".join(value.split())


def _files(env: Mapping[str, str]) -> Iterator[Path]:
    """pip's files: of the machine, of the user, of the environment, and the one that is named."""
    named = env.get("PIP_CONFIG_FILE")
    if named == os.devnull:
        return
    home = Path(env.get("HOME") or Path.home())
    for folder in reversed((env.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":")):
        yield Path(folder) / "pip" / "pip.conf"
    yield Path("/etc/pip.conf")
    yield home / ".pip" / "pip.conf"
    yield Path(env.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / "pip.conf"
    yield Path(sys.prefix) / "pip.conf"
    if named:
        yield Path(named)
