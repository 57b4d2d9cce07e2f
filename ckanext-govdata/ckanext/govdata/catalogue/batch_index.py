"""Search documents exactly as CKAN makes them, many at a time.

CKAN reads an entry by some twenty queries, validates it twice, and sends it in a request of its own. Here the
rows of a batch are read at once, the schemas are prepared once (:mod:`.batch_schema`), and a batch is sent
while the next is made. The code that makes an entry and its document of the rows is CKAN's own
(``package_dictize`` and ``PackageSearchIndex.index_package``), run with functions that answer from the batch;
CKAN's methods themselves are not touched, so other threads index as always.

What other plugins do by chaining ``package_show`` itself is not done here; their ``after_dataset_show``,
``before_dataset_index`` and resource hooks are.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, cast

import pysolr
import sqlalchemy as sa
from ckan import logic, model, plugins
from ckan.lib import search
from ckan.lib.dictization import model_dictize
from ckan.lib.plugins import lookup_package_plugin
from ckan.lib.search.common import SearchIndexError, make_connection
from ckan.lib.search.index import PackageSearchIndex
from ckan.logic.schema import default_show_package_schema
from ckan.types import Context

from ckanext.govdata.cache import invalidation, scopes
from ckanext.govdata.catalogue import batch_harvest, batch_known, batch_schema, index
from ckanext.govdata.portal import points

BATCH = 200
"""Documents in one request: some 10 kB each."""

Progress = Callable[[str, int, int], None]
Document = dict[str, Any]


class _Collector:
    """Stands where CKAN's code expects a Solr connection."""

    url = "collector"

    def __init__(self) -> None:
        self.documents: list[Document] = []

    def add(self, docs: list[Document], commit: bool) -> None:  # noqa: ARG002 - pysolr's signature
        self.documents += docs


def send(ids: Iterable[str], progress: Progress | None = None) -> None:
    """Index the entries and commit once, so that they are found when this returns.

    Raises SearchIndexError when Solr does not take them.
    """
    wanted = list(ids)
    invalidation.reindexing(scopes.CATALOGUE)
    try:
        with ThreadPoolExecutor(1, thread_name_prefix="index") as sender:
            sent: Future[Any] | None = None
            for done, made in _batches(wanted):
                if sent is not None:
                    sent.result()
                sent = sender.submit(make_connection().add, docs=made, commit=False)
                if progress:
                    progress("index", done, len(wanted))
            if sent is not None:
                sent.result()
        # Waits until the entries can be found, as package_create does.
        make_connection().commit(waitSearcher=True)
    except pysolr.SolrError as error:
        raise SearchIndexError(str(error)[:1000]) from error


def documents(ids: Iterable[str]) -> list[Document]:
    """The search documents of the entries, in their order."""
    return [document for _done, made in _batches(list(ids)) for document in made]


def _batches(wanted: list[str]) -> Iterator[tuple[int, list[Document]]]:
    """(entries so far, documents) for :data:`BATCH` entries at a time."""
    schemas = _Schemas()
    collector = _Collector()
    watched = search.index_for(model.Package)
    for at in range(0, len(wanted), BATCH):
        some = wanted[at : at + BATCH]
        rows = _Rows.of(some)
        collect = _like(
            PackageSearchIndex.index_package,
            make_connection=lambda: collector,
            PluginImplementations=batch_harvest.asking_once(some),
        )
        invalidation.reindexing(*rows.scopes())
        with index.known(rows.departments, points.on_publication(some)):
            for package_id in some:
                default, custom = _shown(rows, schemas, package_id)
                collect(watched, {**default, "with_custom_schema": custom}, True)
        made, collector.documents = collector.documents, []
        yield at + len(some), made


def _like(original: Any, **instead: Any) -> Callable[..., Any]:
    """A function with the very code of ``original`` that sees other globals under these names."""
    names = {**original.__globals__, **instead}
    return types.FunctionType(original.__code__, names, original.__name__, original.__defaults__)


@dataclass(slots=True)
class _Schemas:
    """What entries are validated by before they are indexed, prepared once."""

    batch: batch_schema.Batch = field(
        default_factory=lambda: batch_schema.Batch(batch_known.of_shown(), judging=False)
    )
    default: batch_schema.Prepared = field(
        default_factory=lambda: batch_schema.Prepared(
            default_show_package_schema(), batch_known.of_shown(), False
        )
    )


def _shown(rows: _Rows, schemas: _Schemas, package_id: str) -> tuple[Document, Document]:
    """As :func:`ckan.logic.package_show_default_and_custom_schemas`."""
    package = rows.packages.get(package_id)
    if package is None:
        raise logic.NotFound
    context = cast(
        Context,
        {
            "model": model, "session": model.Session, "ignore_auth": True, "use_cache": False,
            "validate": False, "package": package,
        },
    )  # fmt: skip
    found = rows.dictize(package, context)
    for controller in plugins.PluginImplementations(plugins.IPackageController):
        controller.read(package)
    for resource_controller in plugins.PluginImplementations(plugins.IResourceController):
        for resource in found["resources"]:
            resource_controller.before_resource_show(resource)
    default, _errors = schemas.default.validate(found, context)
    plugin = lookup_package_plugin(found["type"])
    custom, _errors = schemas.batch.validate(
        plugin, context, found, plugin.show_package_schema, "package_show"
    )
    logic.apply_after_dataset_show_plugins(context, custom)
    return default, custom


@dataclass(slots=True)
class _Rows:
    """What CKAN reads of each entry, read for all of them at once."""

    packages: dict[str, model.Package]
    departments: dict[str, model.Group]
    organizations: dict[str, list[Any]]
    """Department → its row, as CKAN asks for it: one or none."""
    lists: dict[str, dict[str, list[Any]]]
    """Name of one of CKAN's questions → entry → its rows."""

    @classmethod
    def of(cls, ids: list[str]) -> _Rows:
        """The rows of the entries as they are in the database now."""
        session = model.Session
        found = session.query(model.Package).filter(model.Package.id.in_(ids)).populate_existing()
        packages = {package.id: package for package in found}
        owners = {package.owner_org for package in packages.values() if package.owner_org}
        departments = session.query(model.Group).filter(model.Group.id.in_(owners))
        group = model.group_table
        rows = session.execute(
            sa.select(group).where(group.c["id"].in_(owners), group.c["state"] == "active")
        )
        return cls(
            packages, {one.id: one for one in departments}, {row.id: [row] for row in rows}, _lists(ids)
        )

    def scopes(self) -> list[str]:
        """What the search documents are part of."""
        entries = ({"id": one.id, "owner_org": one.owner_org} for one in self.packages.values())
        return list(dict.fromkeys(scope for one in entries for scope in invalidation.entry_scopes(one)))

    def dictize(self, package: model.Package, context: Context) -> Document:
        """As :func:`ckan.lib.dictization.model_dictize.package_dictize`, which asks in this order."""
        of = {name: rows.get(package.id, []) for name, rows in self.lists.items()}
        answers = iter(
            [
                *(of[name] for name in ("resources", "tags", "groups")),
                self.organizations.get(package.owner_org or "", []),
                *(of[name] for name in ("subject", "object")),
            ]
        )
        run = _like(model_dictize.package_dictize, _execute=lambda *_: next(answers))
        return cast(Document, run(package, context))


def _lists(ids: list[str]) -> dict[str, dict[str, list[Any]]]:
    """What :func:`package_dictize` asks of other tables: its queries, for many entries."""
    resource, relation = model.resource_table, model.package_relationship_table
    tag, link = model.tag_table, model.package_tag_table
    group, member = model.group_table, model.member_table
    tags = sa.select(tag, link.c["state"]).join(link, tag.c["id"] == link.c["tag_id"])
    groups = (
        sa.select(group, member.c["capacity"])
        .join(member, group.c["id"] == member.c["group_id"])
        .where(member.c["state"] == "active", group.c["is_organization"] == sa.false())
    )
    return {
        "resources": _by_entry(sa.select(resource), resource.c["package_id"], ids),
        "tags": _by_entry(tags, link.c["package_id"], ids),
        "groups": _by_entry(groups, member.c["table_id"], ids),
        "subject": _by_entry(sa.select(relation), relation.c["subject_package_id"], ids),
        "object": _by_entry(sa.select(relation), relation.c["object_package_id"], ids),
    }


def _by_entry(query: Any, entry: Any, ids: list[str]) -> dict[str, list[Any]]:
    """Entry → rows of ``query`` with its own columns, where the column ``entry`` is one of ``ids``."""
    columns = len(query.selected_columns)
    asked = query.add_columns(entry.label("of_entry")).where(entry.in_(ids))
    frozen = model.Session.execute(asked).freeze()
    found: dict[str, list[Any]] = {}
    for of_entry, row in zip(frozen().scalars(columns), frozen().columns(*range(columns)), strict=True):
        found.setdefault(of_entry, []).append(row)
    return found
