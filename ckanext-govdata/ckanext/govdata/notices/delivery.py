"""Carries notices out of the house: one mail a working day, and a call for each to a person's webhook.

The mail is sent after half past eight in China, to whom something new happened or something falls due. A
mail that the server did not take is tried again in the next round; a webhook later each time, and after ten
failures in a row it ends.
"""

from __future__ import annotations

import logging
import time
from datetime import datetime, timedelta
from datetime import time as clock_time
from typing import Any, Final

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.govdata.accounts import mail
from ckanext.govdata.licensing_ports.setup import PortalSetup
from ckanext.govdata.model import Notice, NoticeWish
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.notices import due, wishes, words
from ckanext.govdata.storage.errors import StorageError
from ckanext.govdata.subscriptions import webhook
from ckanext.govdata.subscriptions.service import allowed_networks
from licensing.core.clock import CHINA
from licensing.core.errors import LicensingError
from licensing.core.workdays import StatutoryCalendar

log = logging.getLogger(__name__)

FROM: Final = clock_time(8, 30)
MOST_LINES: Final = 50
MOST_CALLS: Final = 20
FIRST_DELAY: Final = timedelta(minutes=2)
MOST_FAILURES: Final = 10
_CALENDAR: Final = StatutoryCalendar()


def digests(setup: PortalSetup, now: datetime | None = None) -> int:
    """Send what is to be sent on this day; how many mails went out. Commits after each."""
    here = (now or setup.time.now()).astimezone(CHINA)
    if here.time() < FROM or not _CALENDAR.is_workday(here.date()) or not mail.is_configured():
        return 0
    waiting = due.by_person(setup, here.date())
    fresh = set(
        model.Session.scalars(
            sa.select(Notice.user_id).where(Notice.mailed_at.is_(None), Notice.read_at.is_(None)).distinct()
        )
    )
    sent = 0
    for user in model.Session.scalars(
        sa.select(model.User).where(model.User.id.in_(fresh | set(waiting)), model.User.state == "active")
    ).all():
        wish = wishes.wish_of(model.Session, user.id)
        if not wish.mail or not user.email or wish.digest_on == here.date():
            continue
        if _mail(user, waiting.get(user.id, [])):
            wish.digest_on = here.date()
            sent += 1
        model.Session.commit()
    return sent


def _mail(user: model.User, clocks: list[words.Sentence]) -> bool:
    rows = model.Session.scalars(
        sa.select(Notice)
        .where(Notice.user_id == user.id, Notice.mailed_at.is_(None), Notice.read_at.is_(None))
        .order_by(Notice.at.desc())
        .limit(MOST_LINES)
    ).all()
    site = str(tk.config["ckan.site_url"])
    said = [words.of_step(r.kind, r.subject_id, r.action, r.state, mine=r.mine) for r in rows]
    parts = []
    for title, lines in (("到期提醒 / Falls due", clocks[:MOST_LINES]), ("新的进展 / What happened", said)):
        if lines:
            parts.append(title)
            parts += [f"· {line.zh} {line.en}\n  {site}{line.path}" for line in lines]
    parts.append(f"不再接收邮件 / no more mails: {site}/licensing/notices")
    subject = f"{tk.config.get('ckan.site_title', '')} · 授权利用办理提醒 / licensing"
    if not mail.send(user.email, subject, "\n\n".join(parts)):
        return False
    for row in rows:
        row.mailed_at = utc_now()
    return True


def calls(now: datetime | None = None) -> int:
    """Call the webhooks that are due; how many notices were taken. Commits after each person."""
    moment = now or utc_now()
    query = sa.select(NoticeWish).where(
        NoticeWish.hook.is_not(None), sa.or_(NoticeWish.hook_due.is_(None), NoticeWish.hook_due <= moment)
    )
    taken = 0
    for wish in model.Session.scalars(query).all():
        taken += _call(wish, moment)
        model.Session.commit()
    return taken


def _call(wish: NoticeWish, now: datetime) -> int:
    rows = model.Session.scalars(
        sa.select(Notice)
        .where(Notice.user_id == wish.user_id, Notice.called_at.is_(None), Notice.at >= wish.hook_since)
        .order_by(Notice.at)
        .limit(MOST_CALLS)
    ).all()
    if not rows:
        return 0
    message = {"event": "notices", "notices": [_document(row) for row in rows]}
    try:
        url, key = wishes.hook_of(wish)
        webhook.post(url, message, key, int(time.time()), allowed=allowed_networks())
    except (webhook.Undelivered, LicensingError, StorageError) as error:
        wish.failures += 1
        # Neither the address nor what it answered: the kind of the failure alone.
        log.warning("a webhook of notices was not told: %s", type(error).__name__)
        wish.hook_due = now + FIRST_DELAY * 2 ** (wish.failures - 1)
        if wish.failures >= MOST_FAILURES:
            wish.hook = wish.hook_key = wish.hook_since = None
        return 0
    wish.failures, wish.hook_due = 0, None
    for row in rows:
        row.called_at = now
    return len(rows)


def _document(row: Any) -> dict[str, Any]:
    """As a webhook is told of it; the same notice has the same id if it comes twice."""
    said = words.of_step(row.kind, row.subject_id, row.action, row.state, mine=row.mine)
    return {
        "id": row.id, "at": row.at.isoformat(), "kind": row.kind, "subject": row.subject_id,
        "action": row.action, "state": row.state, "your_turn": row.mine, "zh": said.zh, "en": said.en,
        "url": f"{tk.config['ckan.site_url']}{said.path}",
    }  # fmt: skip
