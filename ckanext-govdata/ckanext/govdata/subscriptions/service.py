"""Subscribing, confirming and ending; the caller owns the transaction.

Double opt-in: an address is told nothing but a link (a webhook: a challenge) until its holder has confirmed,
so that nobody can have mail sent to somebody else. What is kept of the two links are hashes.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.govdata.accounts.secrets import digest
from ckanext.govdata.catalogue.codes import code_list
from ckanext.govdata.complaints import secret as sealed
from ckanext.govdata.model import Subscription
from ckanext.govdata.model.columns import new_id, utc_now
from ckanext.govdata.storage.keyring import Keyring
from ckanext.govdata.subscriptions import webhook
from ckanext.govdata.subscriptions.lifecycle import MACHINE, SUBSCRIBER, SUBSCRIPTION
from licensing.core.errors import Conflict, InvalidInput, NotFound
from licensing.core.lifecycle import Event, advance, enter

MAIL, WEBHOOK = "mail", "webhook"
CONFIRM_WITHIN: Final = timedelta(hours=48)
LANGUAGES: Final = ("zh", "en")
LONGEST_MAIL: Final = 254
_MAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)


class AlreadySubscribed(Conflict):
    """The webhook is told of this already."""

    code = "already_subscribed"


@dataclass(frozen=True, slots=True)
class Made:
    """A new subscription with what is told once: the two links' secrets, and a webhook's signing key."""

    subscription: Subscription
    target: str
    confirm: str
    end: str
    signing_key: str = ""


def subscribe(
    session: Any, *, kind: str, target: str, scope: str, scope_id: str, language: str
) -> Made | None:
    """A subscription that waits for its confirmation; None when the mail address has it already.

    None is told to nobody: the page says the same either way, so that it does not tell who reads what.

    Raises:
        InvalidInput: kind, address, scope or language.
        UnsafeAddress, AlreadySubscribed: a webhook.
    """
    if kind not in (MAIL, WEBHOOK) or language not in LANGUAGES:
        raise InvalidInput("订阅方式或语言不正确。", "Unknown way of subscribing, or language.")
    place = _place(scope, scope_id)
    told = _address(kind, target)
    mark = _mark(kind, told)
    held = session.execute(
        sa.select(Subscription)
        .where(Subscription.target_mark == mark, Subscription.scope == scope, Subscription.scope_id == place)
        .with_for_update()
    ).scalar()
    if held is not None and held.status == "active":
        if kind == WEBHOOK:
            raise AlreadySubscribed("这个地址已经订阅。", "This address is subscribed already.")
        return None
    if held is not None:  # asked for again before it was confirmed: the newer link counts
        take(held, "end", SUBSCRIBER)
        session.flush()
    keyring = Keyring.from_environment()
    confirm, end = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    signing_key = secrets.token_urlsafe(32) if kind == WEBHOOK else ""
    made = Subscription(
        id=new_id(), kind=kind, scope=scope, scope_id=place, language=language, target_mark=mark,
        confirm_sha256=digest(confirm), end_sha256=digest(end), created_at=utc_now(), told_until=utc_now(),
        failures=0,
    )  # fmt: skip
    made.target = sealed.seal(told, f"subscription:{made.id}:target", keyring)
    made.secret = sealed.seal(f"{end}\n{signing_key}", f"subscription:{made.id}:secret", keyring)
    enter(SUBSCRIPTION, made)
    session.add(made)
    session.flush()
    return Made(made, told, confirm, end, signing_key)


def confirm(session: Any, secret: str) -> Subscription:
    """Make the subscription of this link active; it works once. Raises NotFound."""
    found = _locked(session, Subscription.confirm_sha256 == digest(secret))
    if found.status != "pending" or utc_now() - found.created_at > CONFIRM_WITHIN:
        raise _no_such_link()
    take(found, "confirm", SUBSCRIBER)
    found.confirm_sha256, found.told_until, found.due_at = None, utc_now(), utc_now()
    return found


def end(session: Any, secret: str) -> Subscription:
    """End the subscription of this link and erase its address; again changes nothing. Raises NotFound."""
    found = _locked(session, Subscription.end_sha256 == digest(secret))
    if found.status != "ended":
        take(found, "end", SUBSCRIBER)
    return found


def by_confirm(session: Any, secret: str) -> Subscription:
    """What a confirmation link is about. Raises NotFound."""
    return _found(session, Subscription.confirm_sha256 == digest(secret))


def by_end(session: Any, secret: str) -> Subscription:
    """What a link for unsubscribing is about. Raises NotFound."""
    return _found(session, Subscription.end_sha256 == digest(secret))


def take(subscription: Subscription, action: str, role: str) -> None:
    """One step; an ended subscription keeps no address."""
    advance(
        SUBSCRIPTION,
        subscription,
        action,
        actor=role,
        roles=frozenset({role}),
        at=utc_now(),
        record=_unrecorded,
    )
    if subscription.status == "ended":
        subscription.target = subscription.secret = subscription.target_mark = None
        subscription.confirm_sha256 = subscription.due_at = None


def expire(session: Any) -> int:
    """End what nobody confirmed in time; how many there were."""
    late = (
        session.execute(
            sa.select(Subscription)
            .where(Subscription.status == "pending", Subscription.created_at < utc_now() - CONFIRM_WITHIN)
            .with_for_update(skip_locked=True)
        )
        .scalars()
        .all()
    )
    for each in late:
        take(each, "expire", MACHINE)
    return len(late)


def opened(subscription: Subscription) -> tuple[str, str, str]:
    """(address, secret of the link that ends it, signing key) of a subscription that has not ended."""
    keyring = Keyring.from_environment()
    target = sealed.open_sealed(subscription.target, f"subscription:{subscription.id}:target", keyring)
    both = sealed.open_sealed(subscription.secret, f"subscription:{subscription.id}:secret", keyring)
    ending, _, key = both.partition("\n")
    return target, ending, key


def title(subscription: Subscription, language: str) -> str:
    """What the subscription is about, in words."""
    if subscription.scope == "all":
        return "全部目录" if language == "zh" else "the whole catalogue"
    if subscription.scope == "theme":
        return next((c.label(language) for c in code_list("theme") if c.value == subscription.scope_id), "—")
    table = model.Package if subscription.scope == "dataset" else model.Group
    found = table.get(subscription.scope_id)
    return (found.title or found.name) if found is not None else "—"


def _place(scope: str, scope_id: str) -> str:
    """The id that the scope is kept under. Raises InvalidInput for what the public does not see."""
    check = _PLACES.get(scope)
    found = check(scope_id) if check else None
    if found is None:
        raise InvalidInput("没有可订阅的这一项。", "There is nothing of this kind to subscribe to.")
    return found


def _dataset(name: str) -> str | None:
    found = model.Package.get(name) if name else None
    return found.id if found is not None and found.state == "active" and not found.private else None


def _department(name: str) -> str | None:
    found = model.Group.get(name) if name else None
    return found.id if found is not None and found.is_organization and found.state == "active" else None


def _theme(name: str) -> str | None:
    return name if any(each.value == name for each in code_list("theme")) else None


_PLACES: Final[Mapping[str, Any]] = MappingProxyType(
    {"dataset": _dataset, "department": _department, "theme": _theme, "all": lambda _name: ""}
)


def _address(kind: str, target: str) -> str:
    told = target.strip()
    if kind == MAIL:
        if len(told) > LONGEST_MAIL or not _MAIL.fullmatch(told):
            raise InvalidInput("邮箱地址不正确。", "This is no mail address.")
        name, _, host = told.rpartition("@")
        return f"{name}@{host.lower()}"
    try:
        webhook.target(told, allowed_networks())
    except webhook.Undelivered:
        raise InvalidInput("找不到这个域名。", "The name of this address is not known.") from None
    return told


def allowed_networks() -> tuple[webhook.Network, ...]:
    """Networks of the installation's own that webhooks may reach."""
    from ckanext.govdata import config

    return config.webhook_networks()


def _mark(kind: str, target: str) -> str:
    key = str(tk.config.get("SECRET_KEY") or "").encode()
    told = target.lower() if kind == MAIL else target
    return hmac.new(key, f"{kind}:{told}".encode(), hashlib.sha256).hexdigest()


def _locked(session: Any, condition: Any) -> Subscription:
    found = session.execute(
        sa.select(Subscription).where(condition).with_for_update().execution_options(populate_existing=True)
    ).scalar()
    if found is None:
        raise _no_such_link()
    return found


def _found(session: Any, condition: Any) -> Subscription:
    found = session.execute(sa.select(Subscription).where(condition)).scalar()
    if found is None:
        raise _no_such_link()
    return found


def _no_such_link() -> NotFound:
    return NotFound("链接无效或已过期。", "This link is not valid, or no longer.")


def _unrecorded(_event: Event) -> None:
    """Nothing is written down of who reads what: the row's own state is all there is."""
