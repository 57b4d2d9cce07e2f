"""A stock CKAN with ckanext-dcat and ckanext-harvest beside the running stack, which harvests ours.

It has a database, a Solr core with CKAN's own schema and a Redis database of its own on the stack's servers,
and knows nothing of this portal: none of its plugins, no schema, no profile but the ones of ckanext-dcat.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ckan
import httpx
import psycopg2
from psycopg2 import sql

from ckanext.govdata.embedded import postgres
from ckanext.govdata.embedded.ckan_config import redis_url
from ckanext.govdata.embedded.home import CHECKOUT, Home, locate
from ckanext.govdata.embedded.secrets import Secrets, load

NAME = f"govdata_peer_{os.getpid()}"
ROWS = f"{NAME}_rows"
"""The databases of the peer and of its DataStore."""
LIMIT = 1800.0
"""Seconds for one command of the peer; a harvest of the whole demonstration takes minutes."""
_INI = """\
[DEFAULT]
debug = false
[app:main]
use = egg:ckan
SECRET_KEY = peer-of-the-tests-only
ckan.site_id = peer
ckan.site_url = http://peer.example
ckan.site_title = Peer
ckan.plugins = {plugins}
ckan.storage_path = {storage}
sqlalchemy.url = {database}
solr_url = {solr}
ckan.redis.url = {redis}
ckan.auth.create_unowned_dataset = true
ckanext.dcat.rdf.profiles = {profiles}
ckan.harvest.mq.type = redis
{more}
[loggers]
keys = root
[handlers]
keys = console
[formatters]
keys = generic
[logger_root]
level = ERROR
handlers = console
[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic
[formatter_generic]
format = %(asctime)s %(levelname)s [%(name)s] %(message)s
"""
OUR_PLUGINS = "govdata govdata_harvest scheming_datasets scheming_organizations datastore activity"
_OURS = """\
ckanext.dcat.enable_rdf_endpoints = false
scheming.dataset_schemas = ckanext.govdata:schemas/dataset.yaml
scheming.organization_schemas = ckanext.govdata:schemas/organization.yaml
scheming.presets = ckanext.scheming:presets.json ckanext.govdata:schemas/presets.yaml
ckan.locale_default = zh_Hans_CN
ckan.datastore.sqlsearch.enabled = false
ckan.datastore.write_url = {rows}
ckan.datastore.read_url = {reader}
"""
_HARVEST = Path(__file__).with_name("stock_harvest.py")


@dataclass(frozen=True)
class StockPortal:
    """The peer: its configuration file."""

    ini: Path

    def ckan(self, *arguments: str) -> str:
        """The output of one ``ckan`` command."""
        program = Path(sys.executable).with_name("ckan")
        return self._run([str(program), "-c", str(self.ini), *arguments])

    def harvest(self, address: str) -> dict[str, Any]:
        """Harvest ``address``: ``{packages: [...], errors: [...], batch: {...}}``, packages as shown."""
        answer = self._run([sys.executable, str(_HARVEST), str(self.ini), address])
        return dict(json.loads(answer.splitlines()[-1]))

    def _run(self, command: list[str]) -> str:
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("GOVDATA_", "CKAN"))
        }
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=LIMIT, cwd=self.ini.parent,
            env={**kept, "CKAN_INI": str(self.ini)},
        )  # fmt: skip
        assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
        return done.stdout


@contextmanager
def stock_portal(folder: Path, *, ours: bool = False) -> Iterator[StockPortal]:
    """A fresh peer, and nothing left of it afterwards; with ``ours`` it runs this portal's plugins too."""
    home = locate()
    secrets = load(home.secrets_file)
    _drop(home, secrets)
    try:
        for name in (NAME, ROWS):
            _database(home, secrets, "CREATE DATABASE {name} OWNER {owner}", name)
        solr = _solr_core(home, ours=ours)
        ini = folder / "peer.ini"
        where = postgres.place(home)
        database = postgres.url(where, postgres.MAIN_USER, secrets.ckan_db_password, NAME)
        reader = postgres.url(where, postgres.READ_USER, secrets.datastore_read_password, ROWS)
        rows = postgres.url(where, postgres.MAIN_USER, secrets.ckan_db_password, ROWS)
        filled = {
            "plugins": f"{OUR_PLUGINS if ours else ''} dcat harvest dcat_rdf_harvester",
            "profiles": "euro_dcat_ap_3 govdata" if ours else "euro_dcat_ap_3",
            "storage": str(folder / "storage"),
            "database": database.replace("%", "%%"),
            "rows": rows.replace("%", "%%"),
            "reader": reader.replace("%", "%%"),
            "solr": solr,
            "redis": redis_url(home, secrets).removesuffix("/0") + "/3",
        }
        ini.write_text(_INI.format(more=_OURS.format(**filled) if ours else "", **filled))
        ini.chmod(0o600)
        portal = StockPortal(ini)
        portal.ckan("db", "init")
        portal.ckan("db", "upgrade", "-p", "harvest")
        yield portal
    finally:
        _drop(home, secrets)


def _drop(home: Home, secrets: Secrets) -> None:
    for name in (NAME, ROWS):
        _database(home, secrets, "DROP DATABASE IF EXISTS {name} WITH (FORCE)", name)
    unload = {"action": "UNLOAD", "core": NAME, "deleteIndex": "true", "deleteDataDir": "true"}
    httpx.get(f"http://127.0.0.1:{home.solr_port}/solr/admin/cores", params=unload, timeout=60)
    shutil.rmtree(home.data / "solr" / NAME, ignore_errors=True)


def _database(home: Home, secrets: Secrets, statement: str, name: str) -> None:
    where = postgres.place(home)
    with closing(
        psycopg2.connect(
            host=str(where.socket),
            user=postgres.SUPERUSER,
            password=secrets.postgres_password,
            dbname="postgres",
        )
    ) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL(statement).format(name=sql.Identifier(name), owner=sql.Identifier(postgres.MAIN_USER))
            )


def _solr_core(home: Home, *, ours: bool) -> str:
    """A core with CKAN's own schema, or with ours; returns its address."""
    core = home.data / "solr" / NAME
    shutil.copytree(CHECKOUT / "config" / "solr" / "conf", core / "conf")
    if not ours:
        stock = Path(ckan.__file__).parent / "config" / "solr" / "schema.xml"
        shutil.copyfile(stock, core / "conf" / "schema.xml")
    made = httpx.get(
        f"http://127.0.0.1:{home.solr_port}/solr/admin/cores",
        params={"action": "CREATE", "name": NAME, "instanceDir": str(core)},
        timeout=120,
    )
    assert made.status_code == 200, made.text[:2000]
    return f"http://127.0.0.1:{home.solr_port}/solr/{NAME}"
