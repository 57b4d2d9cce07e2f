"""What a worker's stage hands back: the machine's step to take, and what to write with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ckanext.govdata.model import Release


def _nothing() -> None:
    """For stages that leave nothing outside the database."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """``write`` runs on the locked release in the transaction of ``action``.

    ``undo`` destroys what the stage left outside the database; it runs when the work turns out to have
    been given to another worker or cancelled meanwhile.
    """

    action: str
    write: Callable[[Release], None]
    undo: Callable[[], None] = _nothing
