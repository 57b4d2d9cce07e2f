"""``python -m ckanext.govdata.embedded.launch <service>``: becomes that service under supervision.

Supervision starts this module instead of the service itself, so that no secret stands in its configuration:
the environment is put together here, for each service only what it needs. The process id stays the same.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

from . import licensing
from .environment import MARK, portal_environment
from .home import Home, locate
from .postgres import child_environment, clear_stale_pid, place
from .secrets import load
from .services import BY_NAME

_PR_SET_PDEATHSIG = 1


def _die_with_parent(stop: signal.Signals) -> None:
    """Ask Linux for ``stop`` when supervision is killed, so that nothing is left behind without it."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, int(stop), 0, 0, 0)
        if os.getppid() == 1:
            sys.exit(1)


def environment(home: Home, name: str) -> dict[str, str]:
    """The environment of service ``name``: the portal's processes get its keys, the sequencer
    that of the ledger, the others none."""
    service = BY_NAME[name]
    if service.keys:
        return {**portal_environment(home, load(home.secrets_file)), MARK: home.digest}
    own = {**child_environment(), MARK: home.digest, "TMPDIR": str(home.tmp)}
    if service.ledger:
        own |= licensing.sequencer_variables(home, load(home.secrets_file), place(home))
    return own


def main() -> None:
    """Become the service named on the command line."""
    home = locate()
    service = BY_NAME[sys.argv[1]]
    variables = environment(home, service.name)
    command = service.command(home)
    os.umask(0o077)
    if service.name == "postgres":
        where = place(home)
        clear_stale_pid(where)
        if where.user is not None:
            os.setgroups([])
            os.setgid(where.user.pw_gid)
            os.setuid(where.user.pw_uid)
        os.chdir("/")
        variables.pop("TMPDIR")
    # Only now: changing the user clears this setting of the kernel.
    _die_with_parent(signal.Signals[f"SIG{service.stop_signal}"])
    os.execve(command[0], command, variables)  # noqa: S606 - replaces this process on purpose, no shell


if __name__ == "__main__":
    main()
