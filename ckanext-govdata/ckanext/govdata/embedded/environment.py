"""The environment of the portal's processes: the only way by which secrets reach them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from . import door, licensing, postgres
from .home import Home
from .secrets import Secrets

MARK = "GOVDATA_STACK"
"""Variable by which `down` knows the processes of a home, whatever became of their parent."""
PRIVATE = frozenset({"GOVDATA_KEK", "GOVDATA_SIGNING_KEY"}) | licensing.PRIVATE | door.PRIVATE
"""Keys of the portal: supervision and the stores never see them."""
_PASSED = ("LANG", "LC_ALL", "TZ", "HOME", "USER", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")


def portal_environment(home: Home, secrets: Secrets) -> dict[str, str]:
    """Environment of web, worker, scheduler and of ``ckan`` commands run by hand."""
    kept = {
        name: value for name, value in os.environ.items() if name in _PASSED or name.startswith("GOVDATA_")
    }
    return {
        **kept,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        "LC_ALL": kept.get("LC_ALL", "C.UTF-8"),
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore",
        "CKAN_INI": str(home.ini),
        "GOVDATA_HOME": str(home.root),
        "GOVDATA_KEK": secrets.kek,
        "GOVDATA_SIGNING_KEY": secrets.signing_key,
        **licensing.variables(home, secrets, postgres.place(home)),
        **door.variables(secrets, postgres.place(home)),
        "TMPDIR": str(home.tmp),
        # file magic, polars and friends size their pools by the machine; two processes share two cores here
        "POLARS_MAX_THREADS": kept.get("POLARS_MAX_THREADS", str(os.cpu_count() or 2)),
    }
