"""Telling subscribers what happened: what is due, its message, and what follows a failure.

A webhook is told of each release, a mail address once a day of all of them. What was not delivered is tried
again, later each time; after ten failures in a row the subscription ends.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from ckan import model
from ckan.lib.mailer import MailerException
from ckan.plugins import toolkit as tk

from ckanext.govdata.model import Release, Subscription
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.storage.errors import StorageError
from ckanext.govdata.subscriptions import letters, service, webhook
from ckanext.govdata.subscriptions.lifecycle import MACHINE
from licensing.core.errors import LicensingError

log = logging.getLogger(__name__)

MAIL_EVERY: Final = timedelta(hours=24)
WEBHOOK_EVERY: Final = timedelta(seconds=20)
FIRST_DELAY: Final = timedelta(minutes=2)
MOST_FAILURES: Final = 10
SETTLED: Final = timedelta(seconds=5)
"""A publication may commit a moment after the time that it is stamped with."""
AT_ONCE: Final = 20
"""Subscriptions of one round, so that the scheduler's other work does not wait long."""
MOST_EVENTS: Final = 200
NOTICE: Final = {"published": "release.published", "withdrawn": "release.withdrawn"}


@dataclass(frozen=True, slots=True)
class Happened:
    """A release that became public or was withdrawn; ``address`` is that of the entry's page."""

    event: str
    at: datetime
    dataset: str
    title: str
    department: str
    number: int
    address: str

    def document(self) -> dict[str, Any]:
        """As a webhook is told of it."""
        return {
            "event": self.event,
            "at": self.at.isoformat(),
            "dataset": {"name": self.dataset, "title": self.title, "department": self.department},
            "release": self.number,
            "url": self.address,
        }


def round_of(session: Any) -> int:
    """Tell whoever is due; returns how many were told. Each in a transaction of its own."""
    service.expire(session)
    session.commit()
    told, tried = 0, set[str]()
    while len(tried) < AT_ONCE:
        due = session.execute(
            sa.select(Subscription)
            .where(
                Subscription.status == "active",
                Subscription.due_at <= utc_now(),
                Subscription.id.not_in(tried),
            )
            .order_by(Subscription.due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).scalar()
        if due is None:
            session.rollback()
            return told
        tried.add(due.id)
        told += _tell(session, due)
        session.commit()
    return told


def happened(session: Any, subscription: Subscription, until: datetime) -> list[Happened]:
    """What the subscriber does not know yet, oldest first, at most 200 at once; public entries only."""
    at = sa.case((Release.status == "withdrawn", Release.modified_at), else_=Release.published_at)
    query = (
        sa.select(Release, model.Package, at)
        .join(model.Package, model.Package.id == Release.dataset_id)
        .where(
            Release.status.in_(NOTICE),
            at > subscription.told_until,
            at <= until,
            model.Package.state == "active",
            ~model.Package.private,
        )
        .order_by(at)
        .limit(MOST_EVENTS)
    )
    scope, scope_id = subscription.scope, subscription.scope_id
    if scope == "dataset":
        query = query.where(Release.dataset_id == scope_id)
    elif scope == "department":
        query = query.where(model.Package.owner_org == scope_id)
    elif scope == "theme":
        query = query.where(model.Package.extras["theme"].astext == scope_id)
    return [
        Happened(
            NOTICE[release.status],
            moment,
            package.name,
            package.title or package.name,
            _department(package.owner_org),
            release.number,
            letters.address(f"/dataset/{package.name}"),
        )
        for release, package, moment in session.execute(query)
    ]


def _tell(session: Any, subscription: Subscription) -> int:
    until = utc_now() - SETTLED
    events = happened(session, subscription, until)
    every = MAIL_EVERY if subscription.kind == service.MAIL else WEBHOOK_EVERY
    if len(events) == MOST_EVENTS:
        until = events[-1].at
    if events:
        try:
            _send(subscription, events)
        except (webhook.Undelivered, LicensingError, MailerException, OSError, StorageError) as error:
            _failed(subscription, error)
            return 0
    subscription.told_until, subscription.failures = until, 0
    subscription.due_at = utc_now() + every
    return 1 if events else 0


def _send(subscription: Subscription, events: list[Happened]) -> None:
    target, ending, key = service.opened(subscription)
    if subscription.kind == service.MAIL:
        name = service.title(subscription, subscription.language)
        letters.tell(target, subscription.language, name, events, ending)
        return
    message = {
        "event": "changes",
        "subscription": subscription.id,
        "changes": [each.document() for each in events],
    }
    webhook.post(target, message, key, int(time.time()), allowed=service.allowed_networks())


def _failed(subscription: Subscription, error: Exception) -> None:
    subscription.failures += 1
    # Neither the address nor what it answered: the kind of the failure alone.
    log.warning("subscription %s was not told: %s", subscription.id, _plain(error))
    if subscription.failures >= MOST_FAILURES:
        service.take(subscription, "give_up", MACHINE)
    else:
        subscription.due_at = utc_now() + FIRST_DELAY * 2 ** (subscription.failures - 1)


def _plain(error: Exception) -> str:
    return str(error) if isinstance(error, webhook.Undelivered) else type(error).__name__


def _department(organization_id: str) -> str:
    found = model.Group.get(organization_id) if organization_id else None
    return str(found.title or found.name) if found is not None else str(tk.config.get("ckan.site_title", ""))
