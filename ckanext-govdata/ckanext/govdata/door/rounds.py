"""What the scheduler does for the door now and then: nothing of what is gone stays behind."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from ckanext.govdata.door import register, settings, windows
from ckanext.govdata.door.spool import PREFIX
from ckanext.govdata.licensing_ports.setup import setup
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release.pace import Every
from ckanext.govdata.storage import buckets

SECONDS: Final = 600.0
LEFT_AFTER: Final = timedelta(hours=6)
"""A file in the making that is older was left by a process that died."""
_PACE: Final = Every(SECONDS)


def run() -> int:
    """Windows of releases that are gone, files that nobody finished, old calls of nobody; how many."""
    if not settings.configured() or not _PACE.due():
        return 0
    return windows.sweep() + _left_files() + register.forget_old(setup().time.now())


def _left_files() -> int:
    store, before = buckets.staging(), utc_now() - LEFT_AFTER
    left = [each.key for each in store.list(PREFIX) if each.modified < before]
    for key in left:
        store.delete(key)
    return len(left)
