"""How somebody wishes to be told: mail of each working day, and a webhook of one's own."""

from __future__ import annotations

import secrets
from typing import Any

from ckanext.govdata.complaints import secret as sealed
from ckanext.govdata.model import NoticeWish
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.storage import buckets
from ckanext.govdata.subscriptions import webhook
from ckanext.govdata.subscriptions.service import allowed_networks


def wish_of(session: Any, user_id: str) -> NoticeWish:
    """The row of that person, made when there is none: mail is on, no webhook. Never commits."""
    found: NoticeWish | None = session.get(NoticeWish, user_id)
    if found is None:
        found = NoticeWish(user_id=user_id, mail=True, failures=0)
        session.add(found)
    return found


def set_hook(session: Any, user_id: str, url: str) -> str:
    """Call ``url`` from now on; the signing key, told once. An empty address ends it and answers "".

    Raises:
        UnsafeAddress: the portal does not call such an address.
        Undelivered: its name is unknown.
    """
    wish = wish_of(session, user_id)
    wish.failures, wish.hook_due = 0, None
    if not url:
        wish.hook = wish.hook_key = wish.hook_since = None
        return ""
    webhook.target(url, allowed_networks())
    key, keyring = secrets.token_urlsafe(32), buckets.keyring()
    wish.hook = sealed.seal(url, f"notice:{user_id}:hook", keyring)
    wish.hook_key = sealed.seal(key, f"notice:{user_id}:key", keyring)
    wish.hook_since = utc_now()
    return key


def hook_of(wish: NoticeWish) -> tuple[str, str]:
    """Address and signing key."""
    keyring = buckets.keyring()
    url = sealed.open_sealed(wish.hook, f"notice:{wish.user_id}:hook", keyring)
    return url, sealed.open_sealed(wish.hook_key, f"notice:{wish.user_id}:key", keyring)
