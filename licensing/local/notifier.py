"""Notices as rows: told in the transaction of what they tell."""

from __future__ import annotations

from sqlalchemy.orm import Session

from licensing.local.models import LocalNotice
from licensing.ports import Notice, Time


class TableNotifier:
    """Writes ``licensing_local_notice``; a page or a mail job reads it."""

    def __init__(self, session: Session, time: Time) -> None:
        self._session, self._time = session, time

    def notify(self, event: Notice) -> None:
        """Leave a notice for everybody who holds one of its roles towards its subject."""
        self._session.add(
            LocalNotice(
                at=self._time.now(), kind=event.kind, subject=event.subject, roles=sorted(event.roles),
                zh=event.zh, en=event.en, params=dict(event.params), delivered=None,
            )
        )  # fmt: skip
