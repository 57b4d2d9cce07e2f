"""Loads many catalogue entries at once: one transaction, one index commit.

The result is what ``package_create`` makes of each entry: the same validation by the same schema, the same
rows, the same search documents. What differs is the number of round trips. Used by the demonstration data and
by the import of national catalogue sheets.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, cast

import flask
import sqlalchemy as sa
from ckan import logic, model, plugins
from ckan.lib import search
from ckan.lib.plugins import lookup_package_plugin
from ckan.plugins import toolkit as tk
from ckan.types import Context
from sqlalchemy.orm import Session

from ckanext.govdata.catalogue import batch_index, batch_known, batch_schema, catalogue_code, numbering

Document = dict[str, Any]
Progress = Callable[[str, int, int], None]

# Columns of CKAN's table that an entry may carry; what is no column is an extra by then.
PACKAGE_COLUMNS = (
    "name",
    "title",
    "version",
    "url",
    "author",
    "author_email",
    "maintainer",
    "maintainer_email",
    "notes",
    "license_id",
    "type",
    "owner_org",
)


class BulkError(ValueError):
    """Entries were refused; nothing was stored. ``errors`` has one dictionary for each refused name."""

    def __init__(self, errors: dict[str, dict[str, Any]]) -> None:
        super().__init__(f"{len(errors)} entries refused: {', '.join(sorted(errors)[:5])}")
        self.errors = errors


class BulkIndexError(RuntimeError):
    """The entries are stored but not all are in the index; ``ckan search-index rebuild -o`` adds the rest."""


@dataclass
class _Rows:
    """Rows for each table, in the order in which they are inserted."""

    packages: list[Document] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)
    package_tags: list[Document] = field(default_factory=list)
    members: list[Document] = field(default_factory=list)


def load(entries: Sequence[Document], *, user: str, progress: Progress | None = None) -> list[str]:
    """Store and index ``entries``, each as ``package_create`` takes it, without resources; returns their ids.

    ``user`` is the name of the sysadmin or editor in whose name they are made. All or nothing: when one is
    refused, BulkError says which and why and the database is unchanged. Entries without a catalogue code get
    the next of their prefix. BulkIndexError when the index cannot be written.
    """
    session = model.Session()
    try:
        stored = store(session, entries, user=user, progress=progress)
        model.repo.commit()
    except BaseException:
        session.rollback()
        raise
    announce(stored, user)
    ids = [entry["id"] for entry in stored]
    index(ids, progress)
    return ids


def store(
    session: Session, entries: Sequence[Document], *, user: str, progress: Progress | None = None
) -> list[Document]:
    """Put ``entries`` into the caller's transaction; each as it was validated, with ``id``. Raises BulkError.

    After the commit the caller has to :func:`announce` and to :func:`index` them.
    """
    actor = model.User.by_name(user)
    if actor is None:
        raise LookupError(f"no user {user!r}")
    checked = _validated(with_codes(session, entries), user, progress)
    return insert(session, checked, actor)


def insert(session: Session, checked: Sequence[Document], actor: model.User) -> list[Document]:
    """Put entries that were validated into the caller's transaction; each with its ``id``."""
    rows = _rows(session, checked, actor.id)
    _insert(session, rows)
    return [{**entry, "id": row["id"]} for entry, row in zip(checked, rows.packages, strict=True)]


def replace(
    session: Session, entries: Sequence[Document], *, user: str, progress: Progress | None = None
) -> list[Document]:
    """Give existing entries (with ``id``) new elements in the caller's transaction. Raises BulkError.

    Everything that the schema describes is replaced; resources, visibility, state and what others have kept
    with the entry stay. After the commit the caller has to :func:`announce` and to :func:`index` them.
    """
    return overwrite(session, _validated(entries, user, progress))


def overwrite(session: Session, checked: Sequence[Document]) -> list[Document]:
    """Give existing entries the elements that were validated, in the caller's transaction."""
    now = datetime.now(timezone.utc).replace(tzinfo=None)  # CKAN's columns are naive UTC
    known = _known_tags(session, {tag["name"] for entry in checked for tag in entry.get("tags") or []})
    fresh: dict[str, str] = {}
    links: list[Document] = []
    for entry in checked:
        package = model.Package.get(entry["id"])
        if package is None:
            raise LookupError(f"no entry {entry['id']!r}")
        ours = {field["field_name"] for field in _schema_fields(package.type)}
        kept = {key: value for key, value in (package.extras or {}).items() if key not in ours}
        extras = {extra["key"]: extra["value"] for extra in entry.get("extras") or []}
        columns = {name: entry.get(name) for name in PACKAGE_COLUMNS if name in entry and name in ours}
        session.execute(
            sa.update(model.Package.__table__)
            .where(model.Package.__table__.c.id == package.id)
            .values(**columns, extras={**kept, **extras}, metadata_modified=now)
        )
        for name in dict.fromkeys(tag["name"] for tag in entry.get("tags") or []):
            tag_id = known.get(name) or fresh.setdefault(name, str(uuid.uuid4()))
            links.append(
                {"id": str(uuid.uuid4()), "package_id": package.id, "tag_id": tag_id, "state": "active"}
            )
        session.expire(package)
    _replace_tags(session, [entry["id"] for entry in checked], fresh, links)
    return list(checked)


def _replace_tags(session: Session, ids: list[str], fresh: dict[str, str], links: list[Document]) -> None:
    link, tag = model.PackageTag.__table__, model.Tag.__table__
    free = sa.select(tag.c.id).where(tag.c.vocabulary_id.is_(None))
    session.execute(sa.delete(link).where(link.c.package_id.in_(ids), link.c.tag_id.in_(free)))
    if fresh:
        session.execute(sa.insert(tag), [{"id": tag_id, "name": name} for name, tag_id in fresh.items()])
    if links:
        session.execute(sa.insert(link), links)


def _schema_fields(package_type: str) -> list[Document]:
    return list(tk.h.scheming_get_dataset_schema(package_type)["dataset_fields"])


def index(ids: Iterable[str], progress: Progress | None = None) -> None:
    """Send the entries to Solr and commit once; raises BulkIndexError."""
    try:
        batch_index.send(ids, progress)
    except search.SearchIndexError as error:
        raise BulkIndexError(
            "目录已保存，但搜索索引未写完，请运行 ckan search-index rebuild -o。"
            " The entries are stored but the index is not complete: run ckan search-index rebuild -o."
        ) from error


def with_codes(session: Session, entries: Sequence[Document], *, reserve: bool = True) -> list[Document]:
    """Give each entry without a code the next of its prefix, counting within the batch.

    An entry without a short name is named by its code. Without ``reserve`` the codes are only what they would
    be now: others may take them, and nobody waits.
    """
    if reserve:
        numbering.lock(session)
    highest = numbering.highest_serials(session)
    owners = dict.fromkeys(entry["owner_org"] for entry in entries)
    organizations = {owner: model.Group.get(owner) for owner in owners}
    coded = []
    for entry in entries:
        organization = organizations[entry["owner_org"]]
        if entry.get("catalogue_code") or organization is None:
            coded.append(entry)
            continue
        try:
            prefix = numbering.prefix_of(entry, organization)
            code = catalogue_code.next_code(prefix, highest.get(prefix, 0))
        except catalogue_code.CatalogueCodeError:
            coded.append(
                entry
            )  # stays without a code until its department has a number, as in package_create
            continue
        highest[prefix] = code.serial
        coded.append({**entry, "catalogue_code": str(code)})
    return [_named(entry) for entry in coded]


def _named(entry: Document) -> Document:
    if entry.get("name") or not entry.get("catalogue_code"):
        return entry
    return {**entry, "name": str(entry["catalogue_code"]).replace("/", "-")}


def _validated(entries: Sequence[Document], user: str, progress: Progress | None) -> list[Document]:
    """Each entry after the schema of its type; raises BulkError with all objections at once."""
    checked: list[Document] = []
    errors: dict[str, dict[str, Any]] = {}
    for entry, (valid, objections) in zip(entries, examined(entries, user, progress), strict=True):
        if objections:
            errors[str(entry.get("name", ""))] = objections
        else:
            checked.append(valid)
    if errors:
        raise BulkError(errors)
    return checked


def examined(
    entries: Sequence[Document], user: str, progress: Progress | None = None
) -> Iterator[tuple[Document, dict[str, Any]]]:
    """(entry after the schema of its type, objections by field) for each of ``entries``, in their order.

    An entry with ``id`` is examined as an update of that entry. Raises NotAuthorized.
    """
    names: set[str] = set()
    codes: set[str] = set()
    allowed: set[str | None] = set()
    actor = model.User.by_name(user)
    batch = batch_schema.Batch(batch_known.of_batch(model.Session(), entries) if len(entries) > 1 else {})
    for done, entry in enumerate(entries, 1):
        data = {"type": "dataset", **entry}
        context = cast(Context, {"model": model, "session": model.Session, "user": user})
        existing = model.Package.get(data["id"]) if data.get("id") else None
        plugin = lookup_package_plugin(data["type"])
        if existing is not None:
            context["package"] = existing
            action, schema = "package_update", plugin.update_package_schema
        else:
            action, schema = "package_create", plugin.create_package_schema
        if entry.get("owner_org") not in allowed:  # the right to create depends on the department alone
            asked = {"owner_org": entry.get("owner_org")}
            logic.check_access("package_create", cast(Context, {**context, "package": None}), asked)
            allowed.add(entry.get("owner_org"))
        with _as_current(actor):
            valid, objections = batch.validate(plugin, context, data, schema, action)
        name, code = str(entry.get("name") or ""), str(entry.get("catalogue_code") or "")
        if name and name in names:
            objections = {**objections, "name": ["在本批中重复。 Repeated in this batch."]}
        if code and code in codes:
            objections = {**objections, "catalogue_code": ["在本批中重复。 Repeated in this batch."]}
        names.add(name)
        codes.add(code)
        if progress:
            progress("validate", done, len(entries))
        yield valid, objections


@contextmanager
def _as_current(actor: model.User | None) -> Iterator[None]:
    """Let CKAN's validators find the acting person at hand instead of in the database, four times each."""
    if actor is None or not flask.has_request_context():
        yield
        return
    missing = object()
    before = getattr(flask.g, "_login_user", missing)
    flask.g._login_user = actor
    try:
        yield
    finally:
        if before is missing:
            del flask.g._login_user
        else:
            flask.g._login_user = before


KEPT = (*PACKAGE_COLUMNS, "id", "extras", "tags")


def kept(valid: Document) -> Document:
    """What :func:`insert` and :func:`overwrite` need of a validated entry, fit for JSON."""
    return {name: valid[name] for name in KEPT if name in valid}


def recoded(valid: Document, coded: Document) -> Document:
    """A validated new entry under the code and the short name that it has in ``coded``."""
    extras = [one for one in valid.get("extras") or [] if one["key"] != "catalogue_code"]
    if coded.get("catalogue_code"):
        extras.append({"key": "catalogue_code", "value": coded["catalogue_code"]})
    return {**valid, "name": coded["name"], "extras": extras}


def _rows(session: Session, checked: Sequence[Document], actor_id: str) -> _Rows:
    rows = _Rows()
    now = datetime.now(timezone.utc).replace(tzinfo=None)  # CKAN's columns are naive UTC
    known = _known_tags(session, {tag["name"] for entry in checked for tag in entry.get("tags") or []})
    for entry in checked:
        package_id = entry.get("id") or str(uuid.uuid4())
        rows.packages.append(
            {
                **{name: entry.get(name) for name in PACKAGE_COLUMNS},
                "id": package_id,
                "private": bool(entry.get("private")),
                "state": entry.get("state") or "active",
                "creator_user_id": actor_id,
                "metadata_created": now,
                "metadata_modified": now,
                "extras": {extra["key"]: extra["value"] for extra in entry.get("extras") or []},
            }
        )
        for name in dict.fromkeys(tag["name"] for tag in entry.get("tags") or []):
            tag_id = known.get(name) or rows.tags.setdefault(name, str(uuid.uuid4()))
            rows.package_tags.append(
                {"id": str(uuid.uuid4()), "package_id": package_id, "tag_id": tag_id, "state": "active"}
            )
        if entry.get("owner_org"):
            rows.members.append(
                {
                    "id": str(uuid.uuid4()),
                    "table_id": package_id,
                    "table_name": "package",
                    "capacity": "organization",
                    "group_id": entry["owner_org"],
                    "state": "active",
                }
            )
    return rows


def _known_tags(session: Session, names: set[str]) -> dict[str, str]:
    """Ids of the free tags (of no vocabulary) among ``names`` that exist already."""
    found = session.execute(
        sa.select(model.Tag.name, model.Tag.id).where(
            model.Tag.name.in_(names), model.Tag.vocabulary_id.is_(None)
        )
    )
    return {row.name: row.id for row in found}


def _insert(session: Session, rows: _Rows) -> None:
    tags = [{"id": tag_id, "name": name} for name, tag_id in rows.tags.items()]
    for table, values in (
        (model.Package.__table__, rows.packages),
        (model.Tag.__table__, tags),
        (model.PackageTag.__table__, rows.package_tags),
        (model.Member.__table__, rows.members),
    ):
        if values:
            session.execute(sa.insert(table), values)


def announce(stored: Sequence[Document], user: str, *, updated: bool = False) -> None:
    """Tell the plugins what ``package_create`` or ``package_update`` would have told them, one by one."""
    for entry in stored:
        context = cast(Context, {"model": model, "session": model.Session, "user": user})
        for plugin in plugins.PluginImplementations(plugins.IPackageController):
            if updated:
                plugin.after_dataset_update(context, entry)
            else:
                plugin.after_dataset_create(context, entry)


def announce_ended(ids: Sequence[str], user: str) -> None:
    """Tell the plugins what ``package_delete`` would have told them."""
    for package_id in ids:
        context = cast(Context, {"model": model, "session": model.Session, "user": user})
        for plugin in plugins.PluginImplementations(plugins.IPackageController):
            plugin.delete(model.Package.get(package_id))
            plugin.after_dataset_delete(context, {"id": package_id})
