"""Puts a change into effect: every entry of it in one transaction, or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.catalogue import bulk
from ckanext.govdata.catalogue.changes import current, difference
from ckanext.govdata.catalogue.fields import Document, as_given
from ckanext.govdata.catalogue.registers import duties
from ckanext.govdata.model import CatalogueChange, EntryVersion, Release
from ckanext.govdata.model.columns import utc_now
from ckanext.govdata.release import narrowing
from licensing.core.errors import Conflict, LicensingError

Progress = Callable[[str, int, int], None]
People = tuple[model.User, model.User]
"""Who compiled, and by whose rights."""


class ChangedMeanwhile(LicensingError):
    """Entries were changed by somebody else after the check; nothing was stored."""

    code, status, exit_code = "changed_meanwhile", 409, 4


@dataclass(frozen=True, slots=True)
class Stored:
    """New and changed entries as they were validated, and the ids of those that ended."""

    new: list[Document]
    changed: list[Document]
    ended: list[str]


def store(session: Any, change: CatalogueChange, officer: model.User, progress: Progress) -> Stored:
    """Store everything in the caller's transaction; what it did is for :func:`announce` after the commit.

    ``officer`` is the compiler by whose rights it is validated: who compiled it, or whom they stand in for.

    Raises:
        ChangedMeanwhile: an entry is no longer what the reviewer saw.
        BulkError: the schema objects by now (a code that was given away, say).
        Conflict: data of an entry that would end were published meanwhile.
    """
    compiler = model.User.get(change.created_by)
    if compiler is None or not compiler.is_active:
        raise ChangedMeanwhile(
            "编制人员的账号已停用，请重新上传。", "The compiler's account is closed: upload again."
        )
    proposal = change.proposal or []
    before = _unmoved(session, change, proposal)
    ended = [one["id"] for one in proposal if one["kind"] == "ended"]
    people = (compiler, officer)
    stored = _new(session, [one for one in proposal if not one["id"]], change, people, progress)
    kept = [one for one in proposal if one["id"] and one["kind"] != "ended"]
    replaced = _changed(session, kept, change, people, progress)
    _end(session, ended)
    session.flush()
    duties.fulfil(session, change)
    _versions(session, change, before, [*(one["id"] for one in [*stored, *replaced]), *ended], set(ended))
    return Stored(stored, replaced, ended)


def announce(done: Stored, user: str) -> None:
    """Tell the plugins what CKAN's own actions would have told them."""
    bulk.announce(done.new, user)
    bulk.announce(done.changed, user, updated=True)
    bulk.announce_ended(done.ended, user)


def ensure_withdrawn(session: Any, ids: Sequence[str]) -> None:
    """Raises Conflict while data of one of the entries are published (also while a complaint hides them)."""
    published = sa.select(Release.id).where(
        Release.dataset_id.in_(ids), Release.status.in_(narrowing.REACHED)
    )
    if session.execute(sa.select(published.exists())).scalar():
        raise Conflict(
            "该目录条目有已发布的数据，请先办理撤回（写明理由），再终止。",
            "Data of this entry are published: withdraw them first, with a reason, then end it.",
        )


def _end(session: Any, ids: Sequence[str]) -> None:
    if not ids:
        return
    ensure_withdrawn(session, ids)
    now = datetime.now(timezone.utc).replace(tzinfo=None)  # CKAN's columns are naive UTC
    package = model.Package.__table__
    session.execute(
        sa.update(package).where(package.c.id.in_(ids)).values(state="deleted", metadata_modified=now)
    )
    session.expire_all()


def _new(
    session: Any, ones: Sequence[Document], change: CatalogueChange, people: People, progress: Progress
) -> list[Document]:
    """Store new entries under the next codes; what was validated at the check is not validated again."""
    if not ones:
        return []
    coded = bulk.with_codes(session, [_given(one, change.organization_id) for one in ones])
    taken = current.by_codes_or_names(
        session,
        [one["catalogue_code"] for one in coded if one.get("catalogue_code")],
        [one["name"] for one in coded],
    )
    if taken:
        raise ChangedMeanwhile(
            "代码或者网址短名已被其他目录使用：{names}。请重新上传。",
            "Codes or short names were taken by other entries: {names}. Upload it again.",
            names="、".join(str(one.document["name"]) for one in taken[:5]),
        )
    valid = [
        bulk.recoded(one["valid"], made) if one.get("valid") else None
        for one, made in zip(ones, coded, strict=True)
    ]
    compiler, officer = people
    return bulk.insert(session, _validated(coded, valid, officer, progress), compiler)


def _changed(
    session: Any, ones: Sequence[Document], change: CatalogueChange, people: People, progress: Progress
) -> list[Document]:
    if not ones:
        return []
    given = [_given(one, change.organization_id) for one in ones]
    for one in sorted(given, key=lambda entry: str(entry["id"])):
        _ensure_reach(session, one)
    return bulk.overwrite(session, _validated(given, [one.get("valid") for one in ones], people[1], progress))


def _ensure_reach(session: Any, entry: Document) -> None:
    """Raises Conflict when its data were published since the check, to more people than its types allow."""
    types = str(entry.get("open_type") or ""), str(entry.get("share_type") or "")
    package = model.Package.get(entry["id"])
    found = narrowing.objection_to(session, package, *types) if package is not None else None
    if found is not None:
        raise Conflict(found.zh, found.en)


def _validated(
    given: Sequence[Document], valid: Sequence[Document | None], officer: model.User, progress: Progress
) -> list[Document]:
    """``valid`` where it is known, else what the schema makes of ``given`` now. Raises BulkError."""
    asked = [at for at, one in enumerate(valid) if one is None]
    found = list(valid)
    errors: dict[str, dict[str, Any]] = {}
    answers = bulk.examined([given[at] for at in asked], officer.name, progress)
    for at, (made, objections) in zip(asked, answers, strict=True):
        found[at] = made
        if objections:
            errors[str(given[at].get("name", ""))] = objections
    if errors:
        raise bulk.BulkError(errors)
    return [one for one in found if one is not None]


def _given(one: Document, organization_id: str) -> Document:
    given = {**as_given(one["document"]), "owner_org": organization_id}
    return {**given, "id": one["id"]} if one["id"] else given


def _unmoved(session: Any, change: CatalogueChange, proposal: Sequence[Document]) -> dict[str, Document]:
    """The entries as they are, by id; each still what it was when the change was checked."""
    ids = [one["id"] for one in proposal if one["id"]]
    found = current.by_ids(session, ids)
    moved = [
        str(one["document"].get("title", ""))
        for one in proposal
        if one["id"]
        and (
            one["id"] not in found
            or found[one["id"]].owner_org != change.organization_id
            or current.fingerprint(found[one["id"]].document) != one["base"]
        )
    ]
    if moved:
        raise ChangedMeanwhile(
            "检查之后，{count} 条目录已被他人修改（{titles}）。请重新上传，再次核对。",
            "{count} entries were changed by somebody else since the check ({titles}). Upload it again.",
            count=len(moved),
            titles="、".join(moved[:5]),
        )
    return {package_id: one.document for package_id, one in found.items()}


def _versions(
    session: Any, change: CatalogueChange, before: dict[str, Document], ids: list[str], ended: set[str]
) -> None:
    at = utc_now()
    now = current.by_ids(session, ids)
    session.add_all(
        EntryVersion(
            dataset_id=package_id,
            change_id=change.id,
            at=at,
            compiled_by=change.created_by,
            reviewed_by=change.reviewed_by,
            decided_by=change.decided_by,
            content=now[package_id].document,
            difference=_said(before.get(package_id), now[package_id].document, package_id in ended),
        )
        for package_id in ids
    )


def _said(before: Document | None, now: Document, ended: bool) -> list[difference.Line] | None:
    """What a version changed; None for the first one."""
    if ended:
        return [difference.ENDED]
    return difference.between(before, now) if before is not None else None
