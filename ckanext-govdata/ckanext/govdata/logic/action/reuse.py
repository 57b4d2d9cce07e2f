"""What people made of open data: handed in, looked at, shown (SX-18(2))."""

from __future__ import annotations

from datetime import date
from typing import Any

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import Context, DataDict

from ckanext.govdata.cases import limits
from ckanext.govdata.logic import schema
from ckanext.govdata.logic.errors import edge
from ckanext.govdata.release.roles import roles_of
from ckanext.govdata.reuses import picture, service
from ckanext.govdata.reuses.lifecycle import MAKER
from ckanext.govdata.reuses.service import Shown, Source
from licensing.core.errors import InvalidInput


def govdata_reuse_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Hand in something that was made of open data; the administrator looks at it first.

    :param title: 2 to 80 characters
    :param summary: 10 to 1000 characters
    :param kind: ``app``, ``web``, ``visual``, ``research``, ``news`` or ``other``
    :param maker: who made it
    :param url: where it is (may be empty)
    :param sources: list of ``{"dataset": name, "obtained_on": "2026-03-14"}``
    :param picture: an uploaded PNG, JPEG or WebP of at most 5 MB (may be missing)
    """
    tk.check_access("govdata_reuse_create", context, data_dict)
    data, errors = tk.navl_validate(data_dict, schema.reuse_create(), context)
    if errors:
        raise tk.ValidationError(errors)
    account = model.User.get(context.get("user"))
    with edge() as session:
        sources = _sources(data.get("sources"))
        upload = data.get("picture")
        shown = picture.clean(upload.stream) if hasattr(upload, "stream") else None
        made = service.hand_in(session, account, data, sources, shown)
        limits.count("reuse", account.id)
        return {"id": made.id, "status": made.status, "title": made.title}


@tk.side_effect_free
def govdata_reuse_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Reuses, newest first.

    :param dataset_id: id or name: of this entry alone
    :param status: ``published`` (for everybody); ``pending`` and others for the administrator
    :param own: one's own, of any state
    """
    tk.check_access("govdata_reuse_list", context, data_dict)
    data, errors = tk.navl_validate(data_dict, schema.reuse_list(), context)
    if errors:
        raise tk.ValidationError(errors)
    dataset = model.Package.get(data["dataset_id"]) if data.get("dataset_id") else None
    if data.get("dataset_id") and dataset is None:
        raise tk.ObjectNotFound("没有这个条目。 There is no such entry.")
    account = model.User.get(context.get("user")) if data.get("own") else None
    found = service.listed(
        model.Session,
        status="" if account else data.get("status") or "published",
        dataset_id=dataset.id if dataset else None,
        user_id=account.id if account else None,
        limit=data["limit"],
        offset=data["offset"],
    )
    return [_plain(each) for each in found]


def govdata_reuse_step(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """``publish``, ``decline``, ``hide`` (administrator) or ``withdraw`` (its maker).

    :param id: the reuse
    :param step: the step
    :param reason: with ``decline`` and ``hide``
    """
    tk.check_access("govdata_reuse_step", context, data_dict)
    data, errors = tk.navl_validate(data_dict, schema.reuse_step(), context)
    if errors:
        raise tk.ValidationError(errors)
    account = model.User.get(context.get("user"))
    with edge() as session:
        reuse = service.one(session, data["id"])
        held = roles_of(account, None) | (frozenset({MAKER}) if reuse.user_id == account.id else frozenset())
        moved = service.step(
            session, reuse.id, data["step"], actor=account.id, roles=held, reason=data.get("reason") or ""
        )
        return {"id": moved.id, "status": moved.status}


def _sources(given: Any) -> list[Source]:
    if not isinstance(given, list):
        return []
    try:
        return [Source(str(each["dataset"]), date.fromisoformat(str(each["obtained_on"]))) for each in given]
    except (KeyError, TypeError, ValueError):
        raise InvalidInput(
            "获取日期应写作 2026-03-14。", "Write the day of obtaining as 2026-03-14."
        ) from None


def _plain(shown: Shown) -> dict[str, Any]:
    return {
        "id": shown.id,
        "status": shown.status,
        "title": shown.title,
        "summary": shown.summary,
        "kind": shown.kind,
        "maker": shown.maker,
        "url": shown.url,
        "picture": shown.picture,
        "created": shown.created.isoformat(),
        "sources": [
            {"dataset": name, "title": title, "obtained_on": day.isoformat()}
            for name, title, day in shown.sources
        ],
    }
