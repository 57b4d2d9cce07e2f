"""What happened to one's cases, newest first, and how one wishes to be told of it.

Article: JS-32 (reminders), HB-22.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response

from ckanext.govdata.accounts import mail
from ckanext.govdata.licensing_pages.render import page, room
from ckanext.govdata.logic.errors import reader_language
from ckanext.govdata.model import Notice, NoticeWish
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.notices import wishes, words
from ckanext.govdata.subscriptions import webhook
from licensing.core.errors import LicensingError

notices = room(Blueprint("govdata_notices", __name__, url_prefix="/licensing/notices"), account=True)

LINES: Final = 50
Answer = Response | str


@notices.get("")
def index() -> Answer:
    """The newest ones; what has not been read stands out."""
    return _page()


def _page(**more: Any) -> Answer:
    user = tk.current_user.id
    number = tk.request.args.get("page", "1")
    at = max(int(number), 1) if number.isdecimal() and len(number) < 6 else 1
    query = sa.select(Notice).where(Notice.user_id == user).order_by(Notice.at.desc(), Notice.id)
    rows = model.Session.scalars(query.offset((at - 1) * LINES).limit(LINES + 1)).all()
    wish = model.Session.get(NoticeWish, user)
    shown = [
        {
            "said": words.of_step(r.kind, r.subject_id, r.action, r.state, mine=r.mine),
            "at": r.at.isoformat(), "unread": r.read_at is None, "mine": r.mine,
        }
        for r in rows[:LINES]
    ]  # fmt: skip
    return page(
        "licensing/notices.html", rows=shown, at=at, more=len(rows) > LINES, mail=wish is None or wish.mail,
        hooked=wish is not None and wish.hook is not None, mails=mail.is_configured() and bool(tk.current_user.email), **more,  # noqa: E501
    )  # fmt: skip


@notices.post("/read")
def read() -> Answer:
    """Everything that the page showed has been read."""
    model.Session.execute(
        sa.update(Notice)
        .where(Notice.user_id == tk.current_user.id, Notice.read_at.is_(None))
        .values(read_at=utc_now())
    )
    model.Session.commit()
    return tk.h.redirect_to("govdata_notices.index")


@notices.post("/mail")
def set_mail() -> Answer:
    """Whether a mail is sent each working day."""
    wishes.wish_of(model.Session, tk.current_user.id).mail = bool(tk.request.form.get("mail"))
    model.Session.commit()
    tk.h.flash_success(tk._("Saved."))
    return tk.h.redirect_to("govdata_notices.index")


@notices.post("/webhook")
def set_hook() -> Answer:
    """A webhook of one's own; its signing key is shown on this answer and nowhere else."""
    url = tk.request.form.get("url", "").strip()
    try:
        key = wishes.set_hook(model.Session, tk.current_user.id, url)
    except LicensingError as error:
        model.Session.rollback()
        said = error.message(reader_language())
        return _page(status=422, faults={"url": said}, posted=url)
    except webhook.Undelivered:
        model.Session.rollback()
        return _page(status=422, faults={"url": tk._("The name of this address is not known.")}, posted=url)
    model.Session.commit()
    if not key:
        tk.h.flash_success(tk._("The webhook has ended."))
        return tk.h.redirect_to("govdata_notices.index")
    return _page(key=key)
