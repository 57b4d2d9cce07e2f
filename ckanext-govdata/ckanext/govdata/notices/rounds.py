"""What the portal's scheduler does for notices in each round."""

from __future__ import annotations

import time
from typing import Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.licensing_ports.setup import setup
from ckanext.govdata.model import Notice
from ckanext.govdata.notices import delivery, gather

SECONDS: Final = 5.0
"""Between two rounds: so much later than the step is it told."""
_next = 0.0


def run() -> int:
    """Tell new steps, call webhooks, send the mails of the day; how much there was."""
    global _next  # noqa: PLW0603 - one number of one process
    here = setup()
    if not here.environment.get("LICENSING_DATABASE") or time.monotonic() < _next:
        return 0
    _next = time.monotonic() + SECONDS
    return gather.run(here) + delivery.calls() + delivery.digests(here)


def unread(user_id: str) -> int:
    """How many notices that person has not read."""
    query = sa.select(sa.func.count(Notice.id)).where(Notice.user_id == user_id, Notice.read_at.is_(None))
    return int(model.Session.execute(query).scalar_one())
