"""One step on many releases: each by itself, so that one refusal undoes none of the others.

Permission, state and four eyes are asked of each release by the service that a single step asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ckan import model

from anonymize.errors import AnonymizeError
from ckanext.govdata.release import present, service, steps
from licensing.core.errors import InvalidInput, LicensingError

MOST = 100
Document = Mapping[str, Any]

STEPS: Mapping[str, Callable[[Any, str, model.User, Document], Any]] = {
    "submit": lambda session, one, actor, _data: service.submit(session, one, actor),
    "recall": lambda session, one, actor, _data: service.recall(session, one, actor),
    "sign_off": lambda session, one, actor, data: service.sign_off(
        session, one, actor, data.get("conclusion") or "", data.get("opinion") or ""
    ),
    "approve": lambda session, one, actor, data: service.approve(
        session, one, actor, data.get("opinion") or ""
    ),
    "reject": lambda session, one, actor, data: service.reject(session, one, actor, data.get("reason") or ""),
    "reconsider": lambda session, one, actor, _data: service.reconsider(session, one, actor),
    "publish": lambda session, one, actor, _data: service.publish(session, one, actor),
    "cancel": lambda session, one, actor, data: service.cancel(session, one, actor, data.get("reason") or ""),
}
"""What may be done to many at once. Withdrawing is not among them: each withdrawal has its own reason."""

UNDO: Mapping[str, str] = {"submit": "recall", "approve": "reconsider"}
"""Step → the step that takes it back."""
FINAL = frozenset({"publish", "cancel"})
"""Steps that nothing takes back: a page asks once more."""


def check(ids: object, action: str) -> list[str]:
    """The ids, each once, in their order.

    Raises:
        InvalidInput: none or too many are chosen, or the step is not one for many.
    """
    if action not in STEPS:
        raise InvalidInput("这个步骤不能批量办理。", "This step cannot be taken on many at once.")
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids) or not ids:
        raise InvalidInput("请至少选择一项。", "Choose at least one.")
    chosen = list(dict.fromkeys(ids))
    if len(chosen) > MOST:
        raise InvalidInput("一次最多办理 {most} 项。", "At most {most} at once.", most=MOST)
    return chosen


def carry_out(ids: list[str], action: str, actor: model.User, data: Document) -> dict[str, Any]:
    """``{action, done, failed, undo, outcomes}``; commits each release by itself."""
    session, actor_id, outcomes = model.Session, actor.id, []
    for release_id in ids:
        outcomes.append(_one(session, release_id, action, actor_id, data))
    done = sum(outcome["ok"] for outcome in outcomes)
    return {
        "action": action,
        "done": done,
        "failed": len(outcomes) - done,
        "undo": UNDO.get(action) if done else None,
        "outcomes": outcomes,
    }


def _one(session: Any, release_id: str, action: str, actor_id: str, data: Document) -> dict[str, Any]:
    actor = model.User.get(actor_id)
    try:
        STEPS[action](session, release_id, actor, data)
        session.commit()
    except (LicensingError, AnonymizeError) as error:
        session.rollback()
        return {
            **_named(session, release_id, actor),
            "id": release_id,
            "ok": False,
            "code": error.code,
            "message": {"zh": error.zh, "en": error.en},
        }
    except BaseException:
        session.rollback()
        raise
    service.after_commit(session, release_id)
    return {**_named(session, release_id, actor), "id": release_id, "ok": True, "code": None, "message": None}


def _named(session: Any, release_id: str, actor: model.User) -> dict[str, Any]:
    """What the release is called, to whoever may know of it: an id that was guessed tells nothing."""
    from ckanext.govdata.release.roles import standing

    nothing = {"title": None, "number": None, "state": None, "state_label": None}
    try:
        release = steps.get(session, release_id)
    except LicensingError:
        return nothing
    if not standing(actor, release.organization_id).roles:
        return nothing
    told = present.summary(session, release)
    return {
        "title": told["dataset_title"],
        "number": told["number"],
        "state": told["state"],
        "state_label": told["state_label"],
    }
