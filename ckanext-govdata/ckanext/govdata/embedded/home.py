"""Where one installation keeps its things, and which ports it uses.

``GOVDATA_HOME`` (default ``.govdata`` in the checkout) holds data, logs, the generated ``ckan.ini``
and the secrets. ``GOVDATA_PORT`` is the web port and ``GOVDATA_PORT_BASE`` the first of the inner ones;
both are remembered in ``stack.json``, so that ``govdata status`` needs no environment.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .errors import HomeUnusable
from .messages import Message

CHECKOUT = Path(__file__).resolve().parents[4]
DEFAULT_WEB_PORT = 5000
DEFAULT_PORT_BASE = 15000
SOCKET_PATH_MAX = 90
"""Unix socket addresses hold 104 bytes on macOS and 108 on Linux; the file name needs its share."""
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_./-]+")


@dataclass(frozen=True)
class Home:
    """Paths and ports of one installation; making one touches nothing."""

    root: Path
    host: str
    web_port: int
    port_base: int

    @property
    def digest(self) -> str:
        """Twelve hexadecimal digits that name this home in places shared with others."""
        return hashlib.sha256(str(self.root).encode()).hexdigest()[:12]

    @property
    def valkey_port(self) -> int:
        """Port of Valkey on the loopback interface."""
        return self.port_base

    @property
    def solr_port(self) -> int:
        """Port of Solr on the loopback interface."""
        return self.port_base + 1

    @property
    def s3_port(self) -> int:
        """Port of the S3 server on the loopback interface."""
        return self.port_base + 2

    @property
    def site_url(self) -> str:
        """Where a browser finds the portal: ``GOVDATA_SITE_URL``, else the local address."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104 - compared, not bound
        return os.environ.get("GOVDATA_SITE_URL") or f"http://{host}:{self.web_port}"

    @property
    def data(self) -> Path:
        """What must outlive a restart."""
        return self.root / "data"

    @property
    def logs(self) -> Path:
        """One rotated log a service."""
        return self.root / "logs"

    @property
    def etc(self) -> Path:
        """Configuration generated from ``config/``."""
        return self.root / "etc"

    @property
    def ini(self) -> Path:
        """The generated CKAN configuration."""
        return self.root / "ckan.ini"

    @property
    def secrets_file(self) -> Path:
        """Passwords and keys made for this installation, mode 600."""
        return self.root / "secrets.json"

    @property
    def run_json(self) -> Path:
        """The address, the demo accounts and the demo datasets."""
        return self.root / "run.json"

    @property
    def settings_file(self) -> Path:
        """The ports chosen by the last ``up``."""
        return self.root / "stack.json"

    @property
    def webjars(self) -> Path:
        """Front-end libraries, served at ``/webjars/<name>/<version>/…``."""
        return self.root / "static" / "webjars"

    @property
    def run(self) -> Path:
        """Sockets and process ids: inside the home, or elsewhere when its path is too long for a socket."""
        inside = self.root / "run"
        return inside if fits_socket(inside) else private_fallback(self.digest)

    @property
    def tmp(self) -> Path:
        """TMPDIR of web and worker: on tmpfs where there is one, so that no plain copy reaches a disk."""
        shm = Path("/dev/shm")  # noqa: S108 - our own folder in it is made with mode 700 and checked
        if shm.is_dir() and os.access(shm, os.W_OK):
            return shm / f"govdata-{self.digest}-{os.getuid()}"
        return self.root / "tmp"

    def save(self) -> None:
        """Remember the ports for the next command."""
        text = json.dumps({"host": self.host, "web_port": self.web_port, "port_base": self.port_base})
        self.settings_file.write_text(text + "\n")

    def make(self) -> None:
        """Create the folders; everything is closed to other users of the machine.

        The root itself may be passed through (711), because PostgreSQL runs as another user when the stack
        is started by root; it cannot be listed, and what lies in it has modes of its own.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self.root.chmod(0o711 if os.geteuid() == 0 else 0o700)
            for folder in (self.data, self.logs, self.etc, self.root / "static", self.webjars):
                folder.mkdir(parents=True, exist_ok=True)
                folder.chmod(0o700)
            private_folder(self.run)
            private_folder(self.tmp)
        except OSError as error:
            raise HomeUnusable(
                Message(
                    f"数据目录 {self.root} 无法使用（{error.strerror}）。请检查目录权限和磁盘空间，"
                    "或用 GOVDATA_HOME 指定其他目录。",
                    f"The home folder {self.root} cannot be used ({error.strerror}). Check permissions and "
                    "the free space, or name another one in GOVDATA_HOME.",
                )
            ) from error


def fits_socket(folder: Path) -> bool:
    """Whether a Unix socket in ``folder`` has a legal address that needs no quoting in a database URL."""
    text = str(folder)
    return len(text.encode()) <= SOCKET_PATH_MAX and _PLAIN_PATH.fullmatch(text) is not None


def private_fallback(digest: str) -> Path:
    """A short folder of this user alone, for sockets."""
    return Path(tempfile.gettempdir()) / f"govdata-{digest}-{os.getuid()}"


def private_folder(folder: Path) -> None:
    """Make ``folder`` with mode 700, or refuse one that another user has put there.

    Raises `HomeUnusable` when the folder is a link or belongs to somebody else.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise HomeUnusable(
            Message(
                f"目录 {folder} 属于其他用户，不能使用。请删除它或换一个 GOVDATA_HOME。",
                f"The folder {folder} belongs to another user. Remove it or choose another GOVDATA_HOME.",
            )
        )
    folder.chmod(0o700)


def _number(name: str, default: int) -> int:
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    if not text.isdigit() or not 1 <= int(text) <= 65000:
        raise HomeUnusable(
            Message(
                f"环境变量 {name} 应为 1–65000 的端口号，现在是“{text}”。",
                f"{name} must be a port from 1 to 65000, not {text!r}.",
            )
        )
    return int(text)


def locate() -> Home:
    """The home that the environment names, with the ports it names or that were used last."""
    root = Path(os.environ.get("GOVDATA_HOME") or CHECKOUT / ".govdata").expanduser().absolute()
    saved: dict[str, object] = {}
    settings = root / "stack.json"
    if settings.is_file():
        try:
            saved = json.loads(settings.read_text())
        except ValueError:
            saved = {}  # torn by a full disk: the defaults hold, and `up` writes it anew
    host = os.environ.get("GOVDATA_HOST") or str(saved.get("host") or "127.0.0.1")
    web = _number("GOVDATA_PORT", int(str(saved.get("web_port") or DEFAULT_WEB_PORT)))
    base = _number("GOVDATA_PORT_BASE", int(str(saved.get("port_base") or DEFAULT_PORT_BASE)))
    return Home(root=root, host=host, web_port=web, port_base=base)
