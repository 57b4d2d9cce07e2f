"""What the portal's scheduler does for notices in each round."""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.licensing_ports.setup import setup
from ckanext.govdata.model import Notice
from ckanext.govdata.notices import delivery, gather
from ckanext.govdata.release.pace import Every

SECONDS: Final = 5.0
"""Between two rounds: so much later than the step is it told."""
_PACE: Final = Every(SECONDS)


def run() -> int:
    """Tell new steps, call webhooks, send the mails of the day; how much there was."""
    here = setup()
    if not here.environment.get("LICENSING_DATABASE") or not _PACE.due():
        return 0
    return gather.run(here) + delivery.calls() + delivery.digests(here)


def unread(user_id: str) -> int:
    """How many notices that person has not read."""
    query = sa.select(sa.func.count(Notice.id)).where(Notice.user_id == user_id, Notice.read_at.is_(None))
    return int(model.Session.execute(query).scalar_one())
