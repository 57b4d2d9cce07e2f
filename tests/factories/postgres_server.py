"""A PostgreSQL server of a test's own, from the same wheel as the embedded stack's."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ckanext.govdata.embedded import postgres
from ckanext.govdata.embedded.home import Home
from ckanext.govdata.embedded.secrets import Secrets

SECONDS = 60.0


@contextmanager
def server(*, durable: bool = False) -> Iterator[str]:
    """Address of the empty database of a fresh server; stopped and removed at the end.

    Without ``durable`` nothing waits for the disk: a test's data need not outlive a power cut.
    """
    root = Path(tempfile.mkdtemp(prefix="govdata-test-"))
    root.chmod(0o755)  # the server runs as another user when root runs the tests
    home = Home(root=root, host="127.0.0.1", web_port=0, port_base=0)
    secrets = Secrets()
    where = postgres.prepare(home, secrets)
    careless = (
        [] if durable else ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
    )
    user = (
        {}
        if where.user is None
        else {"user": where.user.pw_uid, "group": where.user.pw_gid, "extra_groups": []}
    )
    process = subprocess.Popen(
        [*postgres.command(where), *careless, "-c", "max_connections=300"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
        env=postgres.child_environment(), **user,
    )  # fmt: skip
    try:
        limit = time.monotonic() + SECONDS
        while not postgres.is_ready(where, secrets):
            if process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError("PostgreSQL did not start")
            time.sleep(0.05)
        with closing(postgres.connect(where, secrets.postgres_password)) as connection:
            connection.cursor().execute("CREATE DATABASE licensing")
        yield postgres.url(where, postgres.SUPERUSER, secrets.postgres_password, "licensing")
    finally:
        process.send_signal(signal.SIGINT)  # fast: clients are disconnected, not waited for
        process.wait(timeout=SECONDS)
        shutil.rmtree(root, ignore_errors=True)
        if where.data.parent.is_dir() and where.data.parent.name.startswith("govdata-"):
            shutil.rmtree(where.data.parent, ignore_errors=True)
