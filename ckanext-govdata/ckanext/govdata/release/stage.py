"""Staging: a release is created, its raw file arrives sealed, and is destroyed when it is no longer needed.

Article: SX-2 (material marked secret never enters), SX-22 (raw data rest encrypted and do not leak).
"""

from __future__ import annotations

import unicodedata
from pathlib import PurePosixPath
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata import config
from ckanext.govdata.interchange import origin as elsewhere
from ckanext.govdata.model import Release
from ckanext.govdata.release import origins, steps, work
from ckanext.govdata.release.effects import owe
from ckanext.govdata.release.errors import SecretRefused
from ckanext.govdata.release.lifecycle import COMPILER
from ckanext.govdata.release.roles import standing
from ckanext.govdata.storage.objects import StoredObject
from licensing.core.errors import InvalidInput, NotPermitted
from licensing.core.lifecycle import Event

NOT_SECRET = frozenset({"", "none"})
"""Values of the entry's ``secrecy`` that say it carries no marking; anything else is refused."""
OPEN = "unconditional"
"""The only ``open_type`` whose data anybody may download; conditional data need a grant (SX-14)."""
CONDITIONAL = "conditional"
PUBLIC_CHANNEL, GRANT_CHANNEL = "public", "grant"
LONGEST_NAME = 200


def create(
    session: Any,
    *,
    dataset: model.Package,
    actor: model.User,
    filename: str,
    size: int | None,
    origin: str | None = None,
    consent: str | None = None,
) -> Release:
    """A new release in ``draft``; ``origin`` and ``consent`` are the defaults of all its columns.

    Args:
        size: bytes announced by the uploader; None when not known yet.

    Raises:
        NotPermitted: the caller does not compile for the dataset's department.
        SecretRefused: the entry carries a secrecy marking (SX-2).
        InvalidInput: the dataset has no department, the size is out of bounds, the origin is unknown.
    """
    organization_id = dataset.owner_org
    if not organization_id:
        raise InvalidInput(
            "目录条目没有责任部门，不能发布数据；请先补充责任部门。",
            "The entry has no responsible department; name it first.",
        )
    held = standing(actor, organization_id)
    if COMPILER not in held.roles:
        raise NotPermitted(
            "您不是本部门的编目人员，不能为该目录条目发布数据。",
            "You do not compile for the department of this entry.",
        )
    ensure_not_secret(dataset)
    elsewhere.refuse_elsewhere(dataset)
    if size is not None and not 0 < size <= config.max_bytes():
        raise InvalidInput(
            "文件大小为 {size} 字节，超出允许范围（1 至 {limit} 字节）。",
            "The file has {size} bytes; between 1 and {limit} are accepted.",
            size=size,
            limit=config.max_bytes(),
        )
    # One number after another, also when two people start at once.
    one_at_a_time(session, dataset.id)
    last = session.execute(
        sa.select(sa.func.max(Release.number)).where(Release.dataset_id == dataset.id)
    ).scalar()
    release = Release(
        dataset_id=dataset.id,
        organization_id=organization_id,
        number=(last or 0) + 1,
        status="draft",
        created_by=actor.id,
        filename=clean_name(filename),
        size=size,
        origin=origins.resolve(origin, organization_id),
        consent=(consent or "").strip() or None,
    )
    session.add(release)
    session.flush()
    event = Event(release.id, "create", "", release.status, actor.id, release.created_at, "")
    steps.record(session, event, held.principals(frozenset({COMPILER}))[0])
    return release


def ensure_not_secret(dataset: model.Package) -> None:
    """Raises SecretRefused when the catalogue entry is marked secret (SX-2)."""
    if str((dataset.extras or {}).get("secrecy") or "").strip().lower() not in NOT_SECRET:
        raise SecretRefused(
            "目录条目标注了密级。涉密材料不得进入本平台（SX-2），请按保密规定处理。",
            "The entry carries a secrecy marking. Secret material may not enter this platform (SX-2).",
        )


def is_open(dataset: model.Package) -> bool:
    """Whether the department has settled that everybody may have the data (SX-14, SX-15)."""
    return str((dataset.extras or {}).get("open_type") or "") == OPEN


def channel(dataset: model.Package) -> str | None:
    """How a release of the entry leaves: to everybody, through grants alone, or (None) not at all.

    Article: SX-14, SX-12 (conditional opening to society, conditional sharing between departments).
    """
    extras = dataset.extras or {}
    return channel_of(str(extras.get("open_type") or ""), str(extras.get("share_type") or ""))


def channel_of(open_type: str, share_type: str) -> str | None:
    """:func:`channel` of an entry with these types."""
    if open_type == OPEN:
        return PUBLIC_CHANNEL
    return GRANT_CHANNEL if CONDITIONAL in (open_type, share_type) else None


def one_at_a_time(session: Any, dataset_id: str) -> None:
    """Wait for whoever publishes, provides or changes the reach of this entry; until the transaction ends."""
    session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(dataset_id, 0))))


def clean_name(filename: str) -> str:
    """The last part of a file name as sent by a browser, without control characters."""
    name = PurePosixPath(filename.replace("\\", "/")).name
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C").strip()
    if not name or name in {".", ".."}:
        raise InvalidInput("缺少文件名。", "The file has no name.")
    return name[-LONGEST_NAME:]


def receive(session: Any, release_id: str, actor: model.User, stored: StoredObject) -> Release:
    """The sealed raw file is in the staging bucket: ``draft`` → ``uploaded``.

    Raises:
        TransitionRefused, NotPermitted: see :func:`ckanext.govdata.release.steps.take`.
    """
    release = steps.lock(session, release_id)
    steps.take(session, release, "receive", actor)
    release.raw_key, release.raw_sha256, release.size = stored.key, stored.sha256, stored.size
    return release


def cancel(session: Any, release_id: str, actor: model.User, reason: str = "") -> Release:
    """Give the release up: whatever is staged is destroyed, a worker that has it in hand loses it."""
    release = steps.lock(session, release_id)
    steps.take(session, release, "cancel", actor, reason)
    work.drop(session, release.id)
    owe(session, release.id, "destroy_prefix", prefix=public_prefix(release.id))
    destroy(session, release)
    return release


def destroy(session: Any, release: Release, *, raw: bool = True) -> None:
    """Owe the destruction of the staged result, and of the raw file with ``raw``."""
    keys = [release.result_key]
    release.result_key = None
    if raw:
        keys.append(release.raw_key)
        release.raw_key = None
    keys = [key for key in keys if key]
    if keys:
        owe(session, release.id, "destroy_staging", keys=keys)


def public_prefix(release_id: str) -> str:
    """Where the published files of a release stand in the public bucket."""
    return f"releases/{release_id}/"
