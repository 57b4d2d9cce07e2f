"""Handing in, deciding, taking back and listing reuses; the caller owns the transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from ckan import model

from anonymize.entities import Entity
from ckanext.govdata.cases import plain
from ckanext.govdata.catalogue.codes import code_list
from ckanext.govdata.model import Reuse, ReuseSource
from ckanext.govdata.model.columns import new_id, utc_now
from ckanext.govdata.reuses.lifecycle import REUSE, STATE_NAMES
from ckanext.govdata.storage import buckets
from licensing.core.errors import InvalidInput, NotFound
from licensing.core.lifecycle import Event, advance, enter

JUDGED = frozenset({Entity.PERSON, Entity.ADDRESS})
"""What the administrator judges, who reads everything first: a product's name may look like a person's."""
MOST_SOURCES = 20
LONGEST_URL = 500


@dataclass(frozen=True, slots=True)
class Source:
    """A dataset that was used (id or name), and the day on which its data were obtained."""

    dataset: str
    obtained_on: date


@dataclass(frozen=True, slots=True)
class Shown:
    """A reuse as pages show it; ``sources`` are ``(name, title, day)`` of public entries."""

    id: str
    status: str
    title: str
    summary: str
    kind: str
    maker: str
    url: str
    picture: bool
    created: Any
    reason: str
    sources: tuple[tuple[str, str, date], ...]

    @property
    def state(self) -> tuple[str, str]:
        return STATE_NAMES[self.status]


def hand_in(
    session: Any,
    account: model.User,
    told: Mapping[str, str],
    sources: Sequence[Source],
    picture: bytes | None,
) -> Reuse:
    """A reuse that waits for the administrator.

    Args:
        told: ``title summary kind maker url``.

    Raises:
        InvalidInput: a field is missing or too long, an unknown kind, no address of the web, a dataset that
            is not public, a day in the future, no source at all.
        PersonalData: in a text that everybody would read.
    """
    title = plain.bounded(told.get("title"), 2, 80, "名称", "Title")
    summary = plain.bounded(told.get("summary"), 10, 1000, "简介", "Summary")
    maker = plain.bounded(told.get("maker"), 2, 80, "开发者", "Maker")
    kind = told.get("kind") or ""
    if kind not in {each.value for each in code_list("reuse_kind")}:
        raise InvalidInput("请选择类别。", "Choose a kind.")
    url = _web(told.get("url") or "")
    for text in (title, summary):
        if plain.kinds(text) - JUDGED:
            plain.ensure_public(text)
    used = _sources(sources)
    made = Reuse(
        id=new_id(), title=title, summary=summary, kind=kind, maker=maker, url=url, user_id=account.id
    )
    enter(REUSE, made)
    if picture:
        made.picture_key, made.picture_type = f"reuse/{made.id}/{new_id()}.jpg", "image/jpeg"
        buckets.public().put(made.picture_key, picture, content_type=made.picture_type)
    session.add(made)
    session.flush()
    for dataset_id, day in used.items():
        session.add(ReuseSource(reuse_id=made.id, dataset_id=dataset_id, obtained_on=day))
    session.flush()
    return made


def step(
    session: Any, reuse_id: str, action: str, *, actor: str, roles: frozenset[str], reason: str = ""
) -> Reuse:
    """Publish, decline, hide or withdraw. Raises NotFound, NotPermitted, TransitionRefused."""
    found = session.get(Reuse, reuse_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise _none()
    advance(
        REUSE, found, action, actor=actor, roles=roles, at=utc_now(), record=_unrecorded, reason=reason,
    )  # fmt: skip
    found.reason = reason or None
    found.decided_at, found.decided_by = utc_now(), actor
    if found.status in ("declined", "withdrawn") and found.picture_key:
        buckets.public().delete(found.picture_key)
        found.picture_key = found.picture_type = None
    return found


def listed(
    session: Any,
    *,
    status: str = "published",
    dataset_id: str | None = None,
    user_id: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[Shown]:
    """Reuses of a state (``""``: any), newest first."""
    query = sa.select(Reuse).order_by(Reuse.created_at.desc(), Reuse.id).limit(limit).offset(offset)
    if status:
        query = query.where(Reuse.status == status)
    if user_id is not None:
        query = query.where(Reuse.user_id == user_id)
    if dataset_id is not None:
        query = query.join(ReuseSource, ReuseSource.reuse_id == Reuse.id).where(
            ReuseSource.dataset_id == dataset_id
        )
    found = session.execute(query).scalars().all()
    return _shown(session, found)


def count(session: Any, status: str = "published") -> int:
    """How many there are of a state."""
    return int(session.execute(sa.select(sa.func.count(Reuse.id)).where(Reuse.status == status)).scalar())


def one(session: Any, reuse_id: str) -> Reuse:
    """A reuse by its id. Raises NotFound."""
    found = session.get(Reuse, reuse_id)
    if found is None:
        raise _none()
    return found  # type: ignore[no-any-return]


def _shown(session: Any, found: Sequence[Reuse]) -> list[Shown]:
    sources: dict[str, list[tuple[str, str, date]]] = {each.id: [] for each in found}
    rows = session.execute(
        sa.select(ReuseSource.reuse_id, model.Package.name, model.Package.title, ReuseSource.obtained_on)
        .join(model.Package, model.Package.id == ReuseSource.dataset_id)
        .where(ReuseSource.reuse_id.in_(sources), model.Package.state == "active", ~model.Package.private)
        .order_by(model.Package.title)
    )
    for reuse_id, name, title, day in rows:
        sources[reuse_id].append((name, title or name, day))
    return [
        Shown(
            each.id, each.status, each.title, each.summary, each.kind, each.maker, each.url,
            bool(each.picture_key), each.created_at, each.reason or "", tuple(sources[each.id]),
        )
        for each in found
    ]  # fmt: skip


def _sources(given: Sequence[Source]) -> dict[str, date]:
    used: dict[str, date] = {}
    today = utc_now().date()
    for source in given:
        entry = model.Package.get(source.dataset)
        if entry is None or entry.state != "active" or entry.private:
            raise InvalidInput("没有这个公开条目：{name}。", "No public entry {name}.", name=source.dataset)
        if source.obtained_on > today:
            raise InvalidInput("获取日期不能晚于今天。", "The day of obtaining lies in the future.")
        used[entry.id] = source.obtained_on
    if not used or len(used) > MOST_SOURCES:
        raise InvalidInput(
            "请写明所用的数据及获取日期，最多 {most} 个。",
            "Name the datasets used and the day of obtaining, at most {most}.",
            most=MOST_SOURCES,
        )
    return used


def _web(url: str) -> str:
    """An address of the web, or nothing. Raises InvalidInput."""
    told = url.strip()
    if not told:
        return ""
    try:
        parts = urlsplit(told)
    except ValueError:
        parts = urlsplit("")
    if (
        len(told) > LONGEST_URL
        or parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.username
    ):
        raise InvalidInput(
            "网址应以 https:// 或 http:// 开头。", "The address begins with https:// or http://."
        )
    return told


def _none() -> NotFound:
    return NotFound("没有这个应用案例。", "There is no such reuse.")


def _unrecorded(_event: Event) -> None:
    """Who decided, when and why stands in the row itself."""
