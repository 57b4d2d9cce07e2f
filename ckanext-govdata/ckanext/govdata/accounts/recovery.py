"""Recovering an account: a link by mail that holds for half an hour and once.

The answer to a question is the same for every name, and so is its work: one row, written for names that
nobody has as well. What differs (the mail) is done by a worker, out of the reader's sight. The secret is made
by the worker, so that it stands in no queue; the database keeps its SHA-256.

Article: SX-21 (identity and access control).
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from redis.exceptions import RedisError

from ckanext.govdata.accounts import mail, secrets
from ckanext.govdata.cases import limits
from ckanext.govdata.model import Recovery
from ckanext.govdata.model.columns import utc_now
from licensing.core.errors import InvalidInput, NotFound

log = logging.getLogger(__name__)

LASTS = timedelta(minutes=30)
KEPT = timedelta(days=1)
SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200
MOST_ACCOUNTS = 5
"""Accounts of one mail address that get a link each."""

_LETTER = """{name}：

有人为您的账户申请重置密码。请在 {minutes} 分钟内打开下面的链接设置新密码，链接只能使用一次：

{link}

如非本人操作，不必理会，密码不会改变。

Somebody asked for a new password for your account. Open the link above within {minutes} minutes;
it holds once. If it was not you, do nothing: your password stays.
"""
_CHANGED = """{name}：

您的账户密码刚刚通过邮件链接修改。如非本人操作，请立即联系平台管理人员。

The password of your account was just changed by a link that was mailed to you. If it was not you,
tell the administrator of the platform at once.
"""


def ask(session: Any, name: str, address: str) -> None:
    """Somebody at ``address`` (of the network) asks for a new password for ``name`` (account or e-mail).

    Raises:
        TooOften: for this name or from this address, whether or not anybody has the name.
    """
    limits.count("recover_address", address)
    limits.count("recover_name", name)
    wanted = name.strip()
    by = sa.func.lower(model.User.email) == wanted.lower() if "@" in wanted else model.User.name == wanted
    ids: list[str | None] = list(
        session.execute(
            sa.select(model.User.id).where(by, model.User.state == "active").limit(MOST_ACCOUNTS)
        ).scalars()
    )
    session.add_all(Recovery(user_id=each, asked_at=utc_now()) for each in ids or [None])
    session.flush()


def carry_out(session: Any) -> int:
    """The worker's part: mail a link for every question that is new; returns how many mails were taken.

    Each question is settled in a transaction of its own before its mail is sent: a worker that dies in
    between sends none, and nobody gets two.
    """
    sent = 0
    session.execute(sa.delete(Recovery).where(Recovery.asked_at < utc_now() - KEPT))
    session.commit()
    while True:
        asked = session.execute(
            sa.select(Recovery)
            .where(Recovery.expires_at.is_(None))
            .order_by(Recovery.asked_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).scalar()
        if asked is None:
            session.commit()
            return sent
        user = model.User.get(asked.user_id) if asked.user_id else None
        if user is None or not user.is_active or not user.email or asked.asked_at < utc_now() - LASTS:
            session.delete(asked)
            session.commit()
            continue
        secret = secrets.new()
        asked.secret_sha256, asked.expires_at = secrets.digest(secret), utc_now() + LASTS
        address, shown = str(user.email), str(user.fullname or user.name)
        session.commit()
        sent += mail.send(address, _subject(), _letter(shown, secret))


def holds(session: Any, secret: str) -> bool:
    """Whether the link could still be used."""
    return session.execute(sa.select(_usable(secret).exists())).scalar() is True


def set_password(session: Any, secret: str, password: str, address: str) -> model.User:
    """Use the link: one statement takes it, so that of two at once one is refused.

    Every other open link of the account ends with it.

    Raises:
        InvalidInput: the password is too short or too long; the link is not used up then.
        NotFound: no such link, used, or too old.
    """
    limits.count("secret", address)
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise InvalidInput(
            "密码应为 {least} 至 {most} 个字符。",
            "A password has between {least} and {most} characters.",
            least=SHORTEST_PASSWORD,
            most=LONGEST_PASSWORD,
        )
    taken = session.execute(
        sa.update(Recovery)
        .where(Recovery.id.in_(_usable(secret)), Recovery.used_at.is_(None))
        .values(used_at=utc_now())
        .returning(Recovery.user_id)
        .execution_options(synchronize_session=False)
    ).scalar()
    user = model.User.get(taken) if taken else None
    if user is None or not user.is_active:
        raise NotFound(
            "链接无效、已使用或已过期，请重新申请。",
            "The link is wrong, was used or is too old; ask for another.",
        )
    user.password = password
    # CKAN's own long-lived key of an earlier mail must not be a second door.
    user.reset_key = None
    session.execute(
        sa.delete(Recovery)
        .where(Recovery.user_id == user.id, Recovery.used_at.is_(None))
        .execution_options(synchronize_session=False)
    )
    session.flush()
    return user


def tell(user: model.User) -> None:
    """Tell the owner that the password was changed."""
    if user.email:
        site = str(tk.config.get("ckan.site_title") or "")
        text = _CHANGED.format(name=user.fullname or user.name)
        mail.send(str(user.email), f"{site}：密码已修改 / Password changed", text)


def _usable(secret: str) -> Any:
    return sa.select(Recovery.id).where(
        Recovery.secret_sha256 == secrets.digest(secret),
        Recovery.used_at.is_(None),
        Recovery.expires_at > utc_now(),
    )


def _subject() -> str:
    return f"{tk.config.get('ckan.site_title') or ''}：重置密码 / Reset your password"


def _letter(name: str, secret: str) -> str:
    site = str(tk.config["ckan.site_url"]).rstrip("/")
    minutes = int(LASTS.total_seconds() // 60)
    return _LETTER.format(name=name, minutes=minutes, link=f"{site}/account/recover/link?s={secret}")


JOB = "govdata-recovery"
UNTOLD_AFTER = timedelta(seconds=15)


def perform() -> None:
    """The job of a worker."""
    try:
        carry_out(model.Session)
    finally:
        model.Session.remove()


def dispatch() -> None:
    """Wake a worker after the commit; when the queue does not answer, the scheduler does it."""
    try:
        tk.enqueue_job(perform, [], title=JOB)
    except RedisError as error:
        log.warning("recovery waits for the scheduler: %s", type(error).__name__)


def catch_up(session: Any) -> int:
    """The scheduler's part: questions that no worker was told of."""
    waiting = sa.select(Recovery.id).where(
        Recovery.expires_at.is_(None), Recovery.asked_at < utc_now() - UNTOLD_AFTER
    )
    lost = bool(session.execute(sa.select(waiting.exists())).scalar())
    session.rollback()
    if lost:
        dispatch()
    return int(lost)
