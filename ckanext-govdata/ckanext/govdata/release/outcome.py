"""What a worker's stage hands back: the machine's step to take, and what to write with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ckanext.govdata.model import Release


@dataclass(frozen=True, slots=True)
class Outcome:
    """``write`` runs on the locked release in the transaction of ``action``."""

    action: str
    write: Callable[[Release], None]
