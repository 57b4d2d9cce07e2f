"""Atom feeds, site maps and robots.txt. Article: JS-9 (the catalogue is public)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.lib.search.common import SearchError
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response

from ckanext.govdata.interchange import atom, gather, sitemap
from ckanext.govdata.interchange.atom import Feed, Post
from ckanext.govdata.interchange.entry import Entry, fingerprint
from ckanext.govdata.model import Release
from ckanext.govdata.portal import releases
from ckanext.govdata.views.catalogue_documents import (
    address_of,
    bad_filter,
    filters,
    no_search,
    no_such_page,
    page_number,
    wrong_page,
)
from ckanext.govdata.views.documents import answer, found, refusal

feeds = Blueprint("govdata_feeds", __name__)

NEWEST = "metadata_modified desc, id asc"
FARTHEST = 1_000
"""Pages of a feed; whoever wants everything takes the dump."""
PAGES = ("", "/dataset", "/organization", "/about", "/site-map")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_XML = "application/xml"


@feeds.get("/feed/catalogue.atom")
def catalogue_feed() -> Response:
    """Entries by their last change."""
    return _listed("/feed/catalogue.atom", gather.site().title, [], "*:*")


@feeds.get("/feed/search.atom")
def search_feed() -> Response:
    """A saved search: the words and filters of the search page, newest change first."""
    words = tk.request.args.get("q", "").strip()[:300]
    try:
        chosen = filters()
    except ValueError:
        return bad_filter()
    return _listed("/feed/search.atom", f"{words or '检索'} · {gather.site().title}", chosen, words or "*:*")


@feeds.get("/feed/department/<name>.atom")
def department_feed(name: str) -> Response:
    """Entries of one department by their last change."""
    department = model.Group.get(name)
    if department is None or not department.is_organization or department.state != "active":
        return refusal(404, "not_found", "没有这个部门。", "There is no such department.")
    title = f"{department.title or department.name} · {gather.site().title}"
    return _listed(
        f"/feed/department/{department.name}.atom", title, [f'+organization:"{department.name}"'], "*:*"
    )


def _listed(path: str, title: str, chosen: Sequence[str], words: str) -> Response:
    number = page_number()
    if number is None:
        return wrong_page()
    if number > FARTHEST:
        return no_such_page()
    start = (number - 1) * atom.LENGTH
    try:
        page = gather.search(start=start, rows=atom.LENGTH, q=words, fq=chosen, sort=NEWEST)
    except SearchError:
        return no_search()
    if number > 1 and not page.entries:
        return no_such_page()
    site = gather.site()
    updated = max((entry.updated for entry in page.entries), default=_EPOCH)
    feed = Feed(
        title=title,
        address=address_of(path, 1),
        page=address_of(path, number),
        updated=updated,
        author=site.sponsor or site.title,
        posts=[atom.of_entry(entry) for entry in page.entries],
        next=address_of(path, number + 1) if start + atom.LENGTH < page.count and number < FARTHEST else "",
        previous=address_of(path, number - 1) if number > 1 else "",
    )
    return answer(lambda: atom.document(feed), atom.MEDIA_TYPE, fingerprint(feed), updated)


@feeds.get("/feed/dataset/<name>.atom")
def dataset_feed(name: str) -> Response:
    """The releases of one dataset, withdrawn ones named as such."""
    entry = found(name)
    if isinstance(entry, Response):
        return entry
    site = gather.site()
    posts = _release_posts(entry)
    feed = Feed(
        title=f"{entry.title} · {site.title}",
        address=entry.url,
        page=f"{site.url}/feed/dataset/{entry.name}.atom",
        updated=max([entry.updated, *(post.updated for post in posts)]),
        author=entry.department.title if entry.department else site.title,
        posts=posts,
    )
    return answer(lambda: atom.document(feed), atom.MEDIA_TYPE, fingerprint(feed), feed.updated)


def _release_posts(entry: Entry) -> list[Post]:
    rows = model.Session.execute(
        sa.select(Release.number, Release.status, Release.published_at, Release.modified_at)
        .where(Release.dataset_id == entry.id, Release.status.in_(releases.PUBLIC))
        .order_by(Release.number.desc())
        .limit(atom.LENGTH)
    )
    files = {entry.release.number: entry.release.files} if entry.release else {}
    posts = []
    for number, status, published, changed in rows:
        withdrawn = status == "withdrawn"
        mark = "已撤回" if withdrawn else "已发布"
        posts.append(
            Post(
                id=f"tag:govdata,2026:dataset:{entry.id}:release:{number}",
                title=f"{entry.title}：第 {number} 次发布（{mark}）",
                updated=changed if withdrawn else published,
                published=published or changed,
                address=f"{entry.url}#releases",
                summary="部门撤回了这次发布，其文件不再提供。" if withdrawn else "",
                author=entry.department.title if entry.department else "",
                links=tuple(("enclosure", f.release_url, f.media_type) for f in files.get(number, ())),
            )
        )
    return posts


@feeds.get("/sitemap.xml")
def sitemap_index() -> Response:
    """The index of the site maps."""
    count, changed = model.Session.execute(
        sa.select(sa.func.count(), sa.func.max(model.Package.metadata_modified)).where(*_public())
    ).one()
    base = gather.site_url()
    pages = sitemap.pages_needed(int(count))
    when = changed.replace(tzinfo=timezone.utc) if changed else None
    addresses = [(f"{base}/sitemap/pages.xml", when)]
    addresses += [(f"{base}/sitemap/datasets-{number}.xml", when) for number in range(1, pages + 1)]
    return answer(
        lambda: "".join(sitemap.index(addresses)),
        _XML,
        fingerprint("sitemap", base, pages, str(changed)),
        when,
    )


@feeds.get("/sitemap/<any(pages):kind>.xml")
@feeds.get("/sitemap/<any(datasets):kind>-<int:number>.xml")
def sitemap_page(kind: str, number: int = 1) -> Response:
    """The fixed pages and departments, or a part of the datasets."""
    base = gather.site_url()
    addresses = _fixed(base) if kind == "pages" else _datasets(base, number)
    if not addresses and number > 1:
        return no_such_page()
    changed = max((when for _, when in addresses if when), default=None)
    return answer(lambda: "".join(sitemap.page(addresses)), _XML, fingerprint(addresses), changed)


def _public() -> tuple[Any, ...]:
    return (
        model.Package.state == "active",
        model.Package.private.is_(False),
        model.Package.type == "dataset",
    )


def _fixed(base: str) -> list[sitemap.Address]:
    names = model.Session.execute(
        sa.select(model.Group.name)
        .where(model.Group.is_organization, model.Group.state == "active")
        .order_by(model.Group.name)
    ).scalars()
    return [(f"{base}{path or '/'}", None) for path in PAGES] + [
        (f"{base}/organization/{n}", None) for n in names
    ]


def _datasets(base: str, number: int) -> list[sitemap.Address]:
    if not 1 <= number <= FARTHEST:
        return []
    rows = model.Session.execute(
        sa.select(model.Package.name, model.Package.metadata_modified)
        .where(*_public())
        .order_by(model.Package.metadata_created, model.Package.id)
        .limit(sitemap.PER_PAGE)
        .offset((number - 1) * sitemap.PER_PAGE)
    )
    return [(f"{base}/dataset/{name}", changed.replace(tzinfo=timezone.utc)) for name, changed in rows]


@feeds.get("/robots.txt")
def robots() -> Response:
    """What crawlers may read: everything public but sessions, forms and endless combinations of filters."""
    lines = [
        "User-agent: *",
        "Disallow: /user/",
        "Disallow: /dashboard",
        "Disallow: /release",
        "Disallow: /ckan-admin",
        "Disallow: /api/",
        "Disallow: /dataset/*/history",
        "Disallow: /dataset?*",
        f"Sitemap: {gather.site_url()}/sitemap.xml",
    ]
    text = "\n".join(lines) + "\n"
    return answer(lambda: text, "text/plain", fingerprint(text))
