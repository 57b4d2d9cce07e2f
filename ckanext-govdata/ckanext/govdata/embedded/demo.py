"""The demo data of an installation: loaded once by the portal's own command, told by ``run.json``."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from . import portal
from .environment import portal_environment
from .errors import ServiceFailed
from .home import Home
from .messages import Message
from .secrets import load


def is_loaded(home: Home) -> bool:
    """Whether the demo stands in this home's database."""
    return home.run_json.is_file() and (home.root / "demo-loaded").is_file()


def load_demo(home: Home) -> None:
    """Run ``ckan govdata demo load``, its output on this terminal. Raises `ServiceFailed`."""
    done = subprocess.run(
        [portal.tool("ckan"), "-c", str(home.ini), "govdata", "demo", "load",
         "--run-json", str(home.run_json)],
        check=False, cwd=home.root, umask=0o077, env=portal_environment(home, load(home.secrets_file)),
    )  # fmt: skip
    if done.returncode != 0 or not home.run_json.is_file():
        raise ServiceFailed(
            Message(
                "演示数据没有载入成功（见上）。系统已启动；再次执行 make run 会重试。",
                "The demo data could not be loaded (see above). The stack runs; `make run` tries again.",
            )
        )
    (home.root / "demo-loaded").write_text("")


def told(home: Home) -> dict[str, Any]:
    """Content of ``run.json``: ``site_url``, ``accounts``, ``datasets``."""
    content: dict[str, Any] = json.loads(home.run_json.read_text(encoding="utf-8"))
    return content
