"""The generated ``ckan.ini``: the template of ``config/`` filled for one installation."""

from __future__ import annotations

import importlib.util
import os
import string
from pathlib import Path

from . import postgres
from .home import CHECKOUT, Home
from .postgres import Place
from .secrets import Secrets

TEMPLATE = CHECKOUT / "config" / "ckan.ini.template"
STAGING_BUCKET, PUBLIC_BUCKET = "govdata-staging", "govdata-public"
PLUGINS = ("govdata", "scheming_datasets", "scheming_organizations", "datastore", "activity")


HARVESTERS = ("govdata_harvest", "dcat", "harvest", "dcat_rdf_harvester")


def harvests() -> bool:
    """Whether this installation harvests other platforms: ``GOVDATA_HARVEST=1``."""
    return os.environ.get("GOVDATA_HARVEST") == "1"


def plugins() -> tuple[str, ...]:
    """The CKAN plugins to load; ours first, so that its templates win."""
    return (PLUGINS[0], HARVESTERS[0], *PLUGINS[1:], *HARVESTERS[1:]) if harvests() else PLUGINS


def redis_url(home: Home, secrets: Secrets) -> str:
    """Address of Valkey with its password."""
    return f"redis://:{secrets.valkey_password}@127.0.0.1:{home.valkey_port}/0"


def cache_url(home: Home) -> str:
    """Address of the cache's Valkey: a socket that only this user can reach."""
    return f"unix://{home.run / 'cache.sock'}"


def values(home: Home, where: Place, secrets: Secrets) -> dict[str, str]:
    """What the placeholders of the template stand for."""
    return {
        "secret_key": secrets.secret_key,
        "csrf_key": secrets.csrf_key,
        "token_key": secrets.token_key,
        "site_url": home.site_url,
        "secure_cookies": secure_cookies(home.site_url),
        "plugins": " ".join(plugins()),
        "storage_path": str(home.data / "ckan"),
        "static_path": str(home.webjars.parent),
        "database_url": postgres.url(where, postgres.MAIN_USER, secrets.ckan_db_password, postgres.MAIN_DB),
        "datastore_write_url": postgres.url(
            where, postgres.MAIN_USER, secrets.ckan_db_password, postgres.DATASTORE_DB
        ),
        "datastore_read_url": postgres.url(
            where, postgres.READ_USER, secrets.datastore_read_password, postgres.DATASTORE_DB
        ),
        "redis_url": redis_url(home, secrets),
        "cache_url": cache_url(home),
        "solr_url": f"http://127.0.0.1:{home.solr_port}/solr/ckan",
        "s3_endpoint": f"http://127.0.0.1:{home.s3_port}",
        "s3_key": secrets.s3_key,
        "s3_secret": secrets.s3_secret,
        "trusted_proxies": "",
        "staging_bucket": STAGING_BUCKET,
        "public_bucket": PUBLIC_BUCKET,
    }


def secure_cookies(site_url: str) -> str:
    """``true`` when the portal is reached by HTTPS: its cookies then never travel in the clear."""
    return "true" if site_url.startswith("https://") else "false"


def render(template: str, filled: dict[str, str]) -> str:
    """``template`` with its ``${…}`` filled; a percent sign is doubled, because the file is interpolated.

    Raises `KeyError` for a placeholder without a value: a half-filled configuration must not start.
    """
    return string.Template(template).substitute(
        {name: text.replace("%", "%%") for name, text in filled.items()}
    )


def write(home: Home, where: Place, secrets: Secrets) -> bool:
    """Write ``ckan.ini`` with mode 600; whether it differs from the one before."""
    text = render(TEMPLATE.read_text(encoding="utf-8"), values(home, where, secrets))
    local = home.root / "local.ini"
    if local.is_file():
        text = with_local(text, local.read_text(encoding="utf-8"))
    storage = home.data / "ckan"
    storage.mkdir(mode=0o700, parents=True, exist_ok=True)
    return write_private(home.ini, text)


def with_local(text: str, local: str) -> str:
    """``text`` with the ``name = value`` lines of ``local`` in place of its own, or at the section's end."""
    settings: dict[str, str] = {}
    for raw in local.splitlines():
        name, equals, _value = raw.partition("=")
        if equals and not raw.lstrip().startswith((";", "#", "[")):
            settings[name.strip()] = raw.strip()
    lines = []
    for line in text.splitlines():
        if line == "[loggers]":
            lines += [*settings.values(), ""]
            settings = {}
        name, equals, _value = line.partition("=")
        lines.append(settings.pop(name.strip()) if equals and name.strip() in settings else line)
    return "\n".join(lines) + "\n"


def write_private(path: Path, text: str) -> bool:
    """Write ``text`` with mode 600 unless it stands there already; whether anything changed."""
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    fresh = path.with_name(path.name + ".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
    fresh.replace(path)
    return True


def is_importable() -> bool:
    """Whether the portal's plugin module is there."""
    return importlib.util.find_spec("ckanext.govdata.plugin") is not None
