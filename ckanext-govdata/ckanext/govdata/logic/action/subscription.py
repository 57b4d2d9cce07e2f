"""Subscriptions by mail and webhook: asked for by anybody, confirmed and ended by whoever holds the link."""

from __future__ import annotations

import hmac
import json
import time
from typing import Any

from ckan.lib.mailer import MailerException
from ckan.plugins import toolkit as tk
from ckan.types import Context, DataDict

from ckanext.govdata.cases import limits
from ckanext.govdata.logic import schema
from ckanext.govdata.logic.errors import edge
from ckanext.govdata.subscriptions import letters, service, webhook
from ckanext.govdata.subscriptions.service import Made
from licensing.core.errors import Conflict, InvalidInput


class NoMail(Conflict):
    """No mail server is configured, or it does not answer."""

    code, status = "no_mail", 503


class NotTaken(InvalidInput):
    """The receiver did not repeat the challenge."""

    code = "challenge_failed"


def govdata_subscription_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Subscribe to new, replaced and withdrawn releases.

    A mail address gets a link to confirm by. A webhook gets ``{"event": "confirm", "challenge": …}``, signed,
    and answers with the challenge as its body (or as JSON ``{"challenge": …}``); it is active at once.

    :param kind: ``mail`` or ``webhook``
    :param target: the address
    :param scope: ``dataset``, ``department``, ``theme`` or ``all``
    :param scope_id: id or name of the dataset or department, code of the theme
    :param language: ``zh`` or ``en``
    :returns: ``{status, kind, scope}``; of a webhook ``signing_key`` and ``end`` too, shown this once
    """
    tk.check_access("govdata_subscription_create", context, data_dict)
    data, errors = tk.navl_validate(data_dict, schema.subscription_create(), context)
    if errors:
        raise tk.ValidationError(errors)
    with edge():
        limits.count("subscribe", str(context.get("user") or _address()))
        if data["kind"] == service.MAIL and not letters.can_write():
            raise NoMail(
                "平台尚未开通邮件服务，请改用 Atom 或推送订阅。",
                "This portal sends no mail yet; use Atom or a webhook.",
            )
    told = {name: data.get(name) or "" for name in ("kind", "target", "scope", "scope_id")}
    with edge() as session:
        made = service.subscribe(session, language=data.get("language") or "zh", **told)
        name = service.title(made.subscription, made.subscription.language) if made else ""
        language = made.subscription.language if made else ""
    answer = {"status": "pending", "kind": data["kind"], "scope": data["scope"]}
    if made is None:
        return answer
    if data["kind"] == service.WEBHOOK:
        _challenge(made)
        return {**answer, "status": "active", "signing_key": made.signing_key, "end": made.end}
    with edge() as session:
        try:
            letters.ask(made.target, language, name, made.confirm)
        except (MailerException, OSError):
            service.end(session, made.end)
            session.commit()
            raise NoMail(
                "邮件未能发出，请稍后再试。", "The mail could not be sent. Try again later."
            ) from None
    return answer


def govdata_subscription_confirm(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Confirm by the secret of the link. :param secret: its last part"""
    tk.check_access("govdata_subscription_confirm", context, data_dict)
    with edge() as session:
        limits.count("secret", _address())
        found = service.confirm(session, str(data_dict.get("secret") or ""))
        return {"status": found.status, "kind": found.kind}


def govdata_subscription_end(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """End a subscription and erase its address. :param secret: the last part of the link in every message"""
    tk.check_access("govdata_subscription_end", context, data_dict)
    with edge() as session:
        limits.count("secret", _address())
        found = service.end(session, str(data_dict.get("secret") or ""))
        return {"status": found.status, "kind": found.kind}


def _challenge(made: Made) -> None:
    message = {"event": "confirm", "challenge": made.confirm}
    with edge() as session:
        try:
            answer = webhook.post(
                made.target, message, made.signing_key, int(time.time()), allowed=service.allowed_networks()
            )
            taken = hmac.compare_digest(_repeated(answer.body), made.confirm.encode())
        except webhook.Undelivered:
            taken = False
        if not taken:
            service.end(session, made.end)
            session.commit()
            raise NotTaken(
                "接收方没有在 5 秒内以 2xx 状态返回校验串（challenge）。",
                "The receiver did not answer with the challenge and a 2xx status within 5 seconds.",
            )
        service.confirm(session, made.confirm)


def _repeated(body: bytes) -> bytes:
    try:
        told = json.loads(body)
    except ValueError:
        return body.strip()
    return str(told.get("challenge", "")).encode() if isinstance(told, dict) else body.strip()


def _address() -> str:
    try:
        return tk.request.remote_addr or ""
    except RuntimeError:  # called by a program of ours, outside of any request
        return ""
