"""The licensing database for reading what is counted; None where the portal runs without the library."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ckanext.govdata.licensing_ports.setup import setup


@contextmanager
def opened() -> Iterator[Any]:
    """A session of the library's database, or None."""
    here = setup()
    if not here.environment.get("LICENSING_DATABASE"):
        yield None
        return
    with here.session() as library:
        yield library
