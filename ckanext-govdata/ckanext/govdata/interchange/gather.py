"""From CKAN's dictionaries and the portal's tables to public pictures; the one place that asks who may know.

Everything is asked as an anonymous reader. A resource that a release made counts only while that release is
published and current, whatever the search index still says: the index follows a commit a moment later.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal
from urllib.parse import quote

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.govdata.interchange import origin
from ckanext.govdata.interchange.entry import (
    ELEMENTS,
    ITEM_PARTS,
    LISTS,
    Department,
    Entry,
    File,
    Item,
    Link,
    Release,
    Site,
    moment,
)
from ckanext.govdata.interchange.licences import licence_of
from ckanext.govdata.model import Release as ReleaseRow
from ckanext.govdata.model import ReleaseArtifact
from ckanext.govdata.release.artifacts import SCHEMA, media_type_of
from ckanext.govdata.storage import buckets

FORMAT_ORDER = ("csv", "xlsx", "json", "xml", "parquet", SCHEMA)
ORDER = "metadata_created asc, id asc"
"""An order in which pages of the catalogue do not shift while entries are changed or added."""
SCHEMAS_KEPT = 512

Absence = Literal["never", "gone"]


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries of the catalogue; ``count`` is how many there are in all."""

    entries: list[Entry]
    count: int


def site() -> Site:
    """The portal by its configuration."""

    def line(key: str) -> str:
        return str(tk.config.get(key) or "").strip()

    return Site(
        url=site_url(),
        title=line("ckan.site_title"),
        description=line("ckan.site_description"),
        sponsor=line("ckanext.govdata.site.sponsor"),
        email=line("ckanext.govdata.site.email"),
        phone=line("ckanext.govdata.site.phone"),
    )


def site_url() -> str:
    """The public address with the root path and without a language."""
    root = str(tk.config.get("ckan.root_path") or "").replace("/{{LANG}}", "")
    return str(tk.config["ckan.site_url"]).rstrip("/") + root.rstrip("/")


def entry(name_or_id: str) -> Entry | Absence:
    """The public entry; ``gone`` when it once had public data and is deleted now, else ``never``."""
    try:
        package = tk.get_action("package_show")({"user": "", "auth_user_obj": None}, {"id": name_or_id})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return absence(name_or_id)
    if package.get("private") or package.get("state") != "active" or package.get("type") != "dataset":
        return absence(name_or_id)
    return entries([package])[0]


def absence(name_or_id: str) -> Absence:
    """Why there is no public entry of this name or id, as far as everybody may know."""
    found = model.Session.execute(
        sa.select(ReleaseRow.id)
        .join(model.Package, model.Package.id == ReleaseRow.dataset_id)
        .where(
            sa.or_(model.Package.name == name_or_id, model.Package.id == name_or_id),
            model.Package.state == "deleted",
            model.Package.private.is_(False),
            ReleaseRow.status.in_(("published", "withdrawn")),
        )
        .limit(1)
    ).first()
    return "gone" if found else "never"


def search(
    *, start: int = 0, rows: int = 100, q: str = "*:*", fq: Sequence[str] = (), sort: str = ORDER
) -> Page:
    """A part of the public catalogue.

    Raises:
        SearchError, SearchQueryError: the search server does not answer, or cannot read ``q``.
    """
    found = tk.get_action("package_search")(
        {"user": "", "auth_user_obj": None},
        {
            "q": q,
            "fq_list": ["+dataset_type:dataset", *fq],
            "start": start,
            "rows": rows,
            "sort": sort,
            "facet": False,
            "include_private": False,
        },
    )
    return Page(entries(found["results"]), int(found["count"]))


def entries(packages: Sequence[dict[str, Any]]) -> list[Entry]:
    """Public pictures of dictionaries that an anonymous reader was given; three queries for all of them."""
    ids = [package["id"] for package in packages]
    published = _published(ids)
    ours = _ours(resource["id"] for package in packages for resource in package.get("resources", []))
    departments = _departments({package["owner_org"] for package in packages if package.get("owner_org")})
    base = site_url()
    return [
        _entry(package, departments.get(package.get("owner_org") or ""), published, ours, base)
        for package in packages
    ]


def _entry(
    package: dict[str, Any],
    department: Department | None,
    published: dict[str, list[Any]],
    ours: set[str],
    base: str,
) -> Entry:
    url = f"{base}/dataset/{quote(package['name'])}"
    active = {r["id"] for r in package.get("resources", []) if r.get("datastore_active")}
    return Entry(
        id=package["id"],
        name=package["name"],
        title=package.get("title") or package["name"],
        notes=package.get("notes") or "",
        url=url,
        created=moment(package["metadata_created"]),
        modified=moment(package["metadata_modified"]),
        department=department,
        licence=licence_of(package, base),
        keywords=tuple(sorted(tag["name"] for tag in package.get("tags") or [])),
        elements={name: str(package[name]) for name in ELEMENTS if package.get(name)},
        lists={name: _list(package[name]) for name in LISTS if package.get(name)},
        items=tuple(_item(row) for row in _rows(package.get("information_items"))),
        release=_release(published.get(package["id"], []), url, active),
        links=tuple(
            Link(r["id"], r.get("name") or "", r["url"], r.get("format") or "")
            for r in package.get("resources", [])
            if r["id"] not in ours and r.get("url")
        ),
        origin=origin.address(package),
    )


def _rows(value: Any) -> list[dict[str, Any]]:
    rows = json.loads(value) if isinstance(value, str) and value else value
    return [row for row in rows or [] if isinstance(row, dict)]


def _item(row: dict[str, Any]) -> Item:
    return Item(**{part: str(row.get(part) or "") for part in ITEM_PARTS})


def _list(value: Any) -> tuple[str, ...]:
    values = json.loads(value) if isinstance(value, str) and value.startswith("[") else value
    return tuple(values) if isinstance(values, list) else (str(values),)


def _published(ids: list[str]) -> dict[str, list[Any]]:
    """Entry id → (release, artifact) rows of its current published release."""
    if not ids:
        return {}
    found: dict[str, list[Any]] = {}
    for release, artifact in model.Session.execute(
        sa.select(ReleaseRow, ReleaseArtifact)
        .join(ReleaseArtifact, ReleaseArtifact.release_id == ReleaseRow.id)
        .where(ReleaseRow.dataset_id.in_(ids), ReleaseRow.current, ReleaseRow.status == "published")
        .execution_options(populate_existing=True)
    ):
        found.setdefault(release.dataset_id, []).append((release, artifact))
    return found


def _ours(resource_ids: Iterable[str]) -> set[str]:
    wanted = list(resource_ids)
    if not wanted:
        return set()
    return set(
        model.Session.execute(
            sa.select(ReleaseArtifact.resource_id).where(ReleaseArtifact.resource_id.in_(wanted))
        ).scalars()
    )


def _release(rows: list[Any], url: str, active: set[str]) -> Release | None:
    if not rows:
        return None
    row = rows[0][0]
    artifacts = sorted((artifact for _, artifact in rows), key=lambda a: (_place(a.format), a.format))
    files = tuple(
        File(
            id=a.resource_id,
            format=a.format,
            filename=a.filename,
            media_type=media_type_of(a.format).partition(";")[0],
            size=a.size,
            sha256=a.sha256,
            rows=a.rows,
            url=f"{url}/latest/{quote(a.filename)}",
            release_url=f"{url}/releases/{row.number}/{quote(a.filename)}",
            queryable=a.resource_id in active,
        )
        for a in artifacts
    )
    schema = next((published_schema(a.key, a.sha256) for a in artifacts if a.format == SCHEMA), "{}")
    return Release(row.number, row.published_at, files, json.loads(schema))


@lru_cache(maxsize=SCHEMAS_KEPT)
def published_schema(key: str, sha256: str) -> str:  # noqa: ARG001 - the hash is part of what is remembered
    """The published Table Schema as text; its object never changes, so it is read once a process."""
    return buckets.public().read(key).decode("utf-8")


def _place(name: str) -> int:
    return FORMAT_ORDER.index(name) if name in FORMAT_ORDER else len(FORMAT_ORDER)


def _departments(ids: set[str]) -> dict[str, Department]:
    if not ids:
        return {}
    found = {}
    for row in model.Session.execute(
        sa.select(model.Group.id, model.Group.name, model.Group.title, model.Group.extras).where(
            model.Group.id.in_(ids)
        )
    ):
        extras = row.extras or {}
        found[row.id] = Department(
            row.id,
            row.name,
            row.title or row.name,
            str(extras.get("department_code") or ""),
            str(extras.get("contact") or ""),
        )
    return found
