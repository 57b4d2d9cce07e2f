"""``python -m ckanext.govdata.embedded.container web|worker|scheduler|sequencer``: a process in a container.

The stores run in containers of their own; their addresses and every secret come from the environment that
``docker-compose.yml`` passes. Nothing is supervised here: that is the container engine's work.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import psycopg2

from licensing.core.ledger.checkpoint import KEY_VARIABLE

from . import ckan_config, door, licensing, portal, postgres
from .errors import StackError
from .home import Home, locate
from .messages import Message

_MIGRATION_LOCK = 7_204_117
"""Advisory lock of PostgreSQL that keeps two containers from migrating at once."""


def required(name: str) -> str:
    """A variable that must be set. Raises `StackError` without it."""
    value = os.environ.get(name, "")
    if not value:
        raise StackError(
            Message(
                f"缺少环境变量 {name}，拒绝启动。见 config/compose.env.example。",
                f"{name} is not set; refusing to start. See config/compose.env.example.",
            )
        )
    return value


def database_url(user: str, password: str, database: str) -> str:
    """SQLAlchemy address of a database in the PostgreSQL container."""
    host = os.environ.get("GOVDATA_DATABASE_HOST", "postgres")
    return f"postgresql://{user}:{quote(password, safe='')}@{host}/{database}"


def values(home: Home) -> dict[str, str]:
    """What the placeholders of ``ckan.ini.template`` stand for in this deployment."""
    main, reader = required("GOVDATA_DB_PASSWORD"), required("GOVDATA_DB_READ_PASSWORD")
    valkey = quote(required("GOVDATA_VALKEY_PASSWORD"), safe="")
    required("GOVDATA_KEK")
    required("GOVDATA_SIGNING_KEY")
    return {
        "secret_key": required("GOVDATA_SECRET_KEY"),
        "csrf_key": required("GOVDATA_CSRF_KEY"),
        "token_key": required("GOVDATA_TOKEN_KEY"),
        "site_url": required("GOVDATA_SITE_URL"),
        "secure_cookies": ckan_config.secure_cookies(required("GOVDATA_SITE_URL")),
        "plugins": " ".join(ckan_config.plugins()),
        "storage_path": str(home.data / "ckan"),
        "static_path": str(home.webjars.parent),
        "database_url": database_url(postgres.MAIN_USER, main, postgres.MAIN_DB),
        "datastore_write_url": database_url(postgres.MAIN_USER, main, postgres.DATASTORE_DB),
        "datastore_read_url": database_url(postgres.READ_USER, reader, postgres.DATASTORE_DB),
        "redis_url": f"redis://:{valkey}@{os.environ.get('GOVDATA_VALKEY_HOST', 'valkey')}:6379/0",
        "cache_url": f"redis://:{valkey}@{os.environ.get('GOVDATA_CACHE_HOST', 'cache')}:6379/0",
        "solr_url": f"http://{os.environ.get('GOVDATA_SOLR_HOST', 'solr')}:8983/solr/ckan",
        "s3_endpoint": os.environ.get("GOVDATA_S3_ENDPOINT", "http://s3:80"),
        "s3_key": required("GOVDATA_S3_KEY"),
        "s3_secret": required("GOVDATA_S3_SECRET"),
        "trusted_proxies": os.environ.get("GOVDATA_TRUSTED_PROXIES", ""),
        "staging_bucket": ckan_config.STAGING_BUCKET,
        "public_bucket": ckan_config.PUBLIC_BUCKET,
    }


def agreements(home: Home) -> dict[str, str]:
    """The licensing library's variables in this deployment."""
    database = database_url(
        postgres.LICENSING_USER, required("GOVDATA_LICENSING_PASSWORD"), postgres.LICENSING_DB
    )
    return licensing.named(
        home, database, required("GOVDATA_IDENTITY_KEY"), required("GOVDATA_CA_PASSPHRASE"),
        required("GOVDATA_CASCADE_KEY"),
    )  # fmt: skip


def provision() -> dict[str, str]:
    """The variables of the door to conditional data in this deployment."""
    return door.named(
        database_url(postgres.DOOR_OWNER, required("GOVDATA_DOOR_OWNER_PASSWORD"), postgres.DOOR_DB),
        database_url(postgres.DOOR_USER, required("GOVDATA_DOOR_PASSWORD"), postgres.DOOR_DB),
        required(door.KEY_VARIABLE),
    )


def migrate(home: Home) -> None:
    """Upgrade the tables, one container at a time.

    Raises:
        subprocess.CalledProcessError: CKAN's migration failed.
        ServiceFailed: that of the agreements failed.
    """
    owner = database_url(
        postgres.LICENSING_OWNER, required("GOVDATA_LICENSING_OWNER_PASSWORD"), postgres.LICENSING_DB
    )
    main = required("GOVDATA_DB_PASSWORD")
    with closing(psycopg2.connect(database_url(postgres.MAIN_USER, main, postgres.MAIN_DB))) as guard:
        guard.autocommit = True
        with guard.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", (_MIGRATION_LOCK,))
            subprocess.run([portal.tool("ckan"), "-c", str(home.ini), "db", "upgrade"], check=True)
            licensing.migrate(home, agreements(home), owner)
            with closing(
                psycopg2.connect(database_url(postgres.MAIN_USER, main, postgres.DATASTORE_DB))
            ) as store:
                store.autocommit = True
                with store.cursor() as script:
                    script.execute(postgres.datastore_permissions())


def sequence(home: Home) -> list[str]:
    """Prepare this process to be the sequencer, which alone has the ledger's key; its command line."""
    key = required("GOVDATA_LEDGER_KEY")
    licensing.prepare(home, key)
    database = database_url(
        postgres.LICENSING_USER, required("GOVDATA_LICENSING_PASSWORD"), postgres.LICENSING_DB
    )
    os.environ.update({"LICENSING_DATABASE": database, KEY_VARIABLE: key})
    return licensing.sequencer_command(home)


def portal_process(home: Home, wanted: str) -> list[str]:
    """Write the configuration for one of the portal's own processes; its command line."""
    commands = {
        "web": portal.web_command,
        "worker": portal.worker_command,
        "scheduler": portal.scheduler_command,
    }
    template = ckan_config.TEMPLATE.read_text(encoding="utf-8")
    ckan_config.write_private(home.ini, ckan_config.render(template, values(home)))
    os.environ.update(CKAN_INI=str(home.ini), TMPDIR=str(home.tmp), **agreements(home), **provision())
    if wanted == "web":
        migrate(home)
    return commands[wanted](home)


def main() -> None:
    """Become the process named on the command line."""
    home, wanted = locate(), sys.argv[1]
    os.umask(0o077)
    for folder in (home.root, home.data / "ckan", home.tmp):
        Path(folder).mkdir(parents=True, exist_ok=True)
    command = sequence(home) if wanted == "sequencer" else portal_process(home, wanted)
    os.execv(command[0], command)  # noqa: S606 - replaces this process on purpose, no shell


if __name__ == "__main__":
    try:
        main()
    except StackError as error:
        sys.exit(f"{error.message.zh}\n{error.message.en}")
