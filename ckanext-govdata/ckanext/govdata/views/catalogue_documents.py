"""The whole catalogue: DCAT-AP in pages, DCAT-US, the portal's OpenAPI, the nightly dump (JS-9, SX-15)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from ckan import model
from ckan.lib.search.common import SearchError
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response

from ckanext.govdata import config
from ckanext.govdata.interchange import data_json, dcat, dump, gather, openapi
from ckanext.govdata.interchange.entry import Site, fingerprint, iso, moment
from ckanext.govdata.model import Release
from ckanext.govdata.storage import buckets
from ckanext.govdata.views.documents import JSON, answer, as_json, refusal
from ckanext.govdata.views.download import DownloadResponse, content_disposition

catalogue_documents = Blueprint("govdata_catalogue_documents", __name__)

FACETS = ("organization", "theme", "open_type", "tags", "res_format", "update_cycle")
"""Filters that the address may name, as on the search page."""
DEEPEST = 2**31 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def filters() -> list[str]:
    """Solr filters for the facets and ``modified_since`` that the request names.

    Raises:
        ValueError: ``modified_since`` is no day.
    """
    chosen = []
    for facet in FACETS:
        for value in tk.request.args.getlist(facet):
            quoted = value.replace("\\", "\\\\").replace('"', '\\"')
            chosen.append(f'+{facet}:"{quoted}"')
    since = tk.request.args.get("modified_since")
    if since:
        day = datetime.fromisoformat(since.replace("Z", "+00:00"))
        chosen.append(
            f"+metadata_modified:[{iso(day if day.tzinfo else day.replace(tzinfo=timezone.utc))} TO *]"
        )
    return chosen


def page_number() -> int | None:
    """``?page=`` from 1; None when it is no such number."""
    text = tk.request.args.get("page", "1")
    return int(text) if re.fullmatch(r"[1-9][0-9]{0,8}", text) else None


def wrong_page() -> Response:
    return refusal(400, "bad_page", "page 须为从 1 起的整数。", "page is a whole number from 1.")


def no_such_page() -> Response:
    return refusal(404, "no_such_page", "没有这一页。", "There is no such page.")


def bad_filter() -> Response:
    return refusal(400, "bad_filter", "筛选条件无法识别。", "The filter cannot be read.")


def no_search() -> Response:
    zh, en = (
        "检索词无法识别，或检索服务暂不可用。",
        "The search cannot be carried out.",
    )
    return refusal(400, "bad_search", zh, en)


def address_of(path: str, number: int) -> str:
    """The address of a page with the filters that the request names."""
    kept = [(key, value) for key, value in tk.request.args.items(multi=True) if key != "page"]
    query = urlencode([*kept, ("page", str(number))] if number > 1 else kept)
    return f"{gather.site_url()}{path}" + (f"?{query}" if query else "")


@catalogue_documents.get("/catalog.<any(ttl, jsonld, xml):ending>")
def catalogue_dcat(ending: str) -> Response:
    """A page of the catalogue as DCAT-AP 3 with Hydra paging."""
    number, size = page_number(), config.catalogue_page()
    if number is None:
        return wrong_page()
    start = (number - 1) * size
    try:
        page = gather.search(start=start, rows=size, fq=filters()) if start <= DEEPEST else None
    except ValueError:
        return bad_filter()
    except SearchError:
        return no_search()
    if page is None or (number > 1 and not page.entries):
        return no_such_page()
    site, last = gather.site(), max(1, -(-page.count // size))
    path = f"/catalog.{ending}"
    paging = {
        "count": page.count,
        "items_per_page": size,
        "current": address_of(path, number),
        "first": address_of(path, 1),
        "last": address_of(path, last),
        "next": address_of(path, number + 1) if number < last else "",
        "previous": address_of(path, number - 1) if number > 1 else "",
    }
    modified = max((entry.updated for entry in page.entries), default=_EPOCH)
    return answer(
        lambda: dcat.serialise_catalogue(page.entries, site, ending, paging, iso(modified)),
        dcat.FORMATS[ending],
        fingerprint("catalogue", ending, page.entries, site, paging),
        modified,
        {"Link": _links(paging)},
    )


def _links(paging: dict[str, Any]) -> str:
    """The neighbours once more as a header (RFC 8288), for readers that do not parse RDF."""
    names = {"first": "first", "last": "last", "next": "next", "previous": "prev"}
    return ", ".join(f'<{paging[key]}>; rel="{name}"' for key, name in names.items() if paging[key])


@catalogue_documents.get("/data.json")
def data_json_document() -> Response:
    """The whole catalogue as DCAT-US 1.1, streamed."""
    site = gather.site()
    state = model.Session.execute(
        sa.select(sa.func.count(model.Package.id), sa.func.max(model.Package.metadata_modified)).where(
            model.Package.state == "active",
            model.Package.private.is_(False),
            model.Package.type == "dataset",
        )
    ).one()
    titles = model.Session.execute(
        sa.select(model.Group.id, model.Group.title)
        .where(model.Group.is_organization)
        .order_by(model.Group.id)
    ).all()
    releases = model.Session.execute(
        sa.select(sa.func.count(), sa.func.max(Release.modified_at)).where(
            Release.status.in_(("published", "withdrawn"))
        )
    ).one()
    parts = [[str(value) for value in row] for row in (state, releases, *titles)]
    etag = fingerprint("data.json", parts, site)
    modified = state[1].replace(tzinfo=timezone.utc) if state[1] else _EPOCH
    # A number of entries that fits into memory is drawn whole; the dump is for the rest.
    return answer(lambda: "".join(_data_json(site)), JSON, etag, modified)


def _data_json(site: Site) -> Iterator[str]:

    head = data_json.catalogue([], site)
    del head["dataset"]
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "dataset": ['
    start, first = 0, True
    while page := gather.search(start=start, rows=1000):
        for entry in page.entries:
            yield (
                ("" if first else ",") + "\n" + json.dumps(data_json.dataset(entry, site), ensure_ascii=False)
            )
            first = False
        start += 1000
        if start >= page.count:
            break
    yield "\n]}\n"


@catalogue_documents.get("/openapi.json")
def openapi_json() -> Response:
    """The portal's public interface."""
    document = openapi.portal(gather.site())
    return answer(lambda: as_json(document), JSON, fingerprint(document))


@catalogue_documents.get("/dump/index.json")
def dump_index() -> Response:
    """What the newest dump holds: addresses, sizes, checksums."""
    index = dump.current(buckets.public())
    if index is None:
        return refusal(
            404, "no_dump", "还没有整库转储，每夜生成。", "There is no dump yet; it is made every night."
        )
    document = dump.public_index(index)
    return answer(lambda: as_json(document), JSON, fingerprint(document), moment(index["made"]))


@catalogue_documents.get("/dump/<name>")
def dump_file(name: str) -> Response:
    """A file of the newest dump."""
    index = dump.current(buckets.public())
    file = next((f for f in (index or {"files": []})["files"] if f["name"] == name), None)
    if index is None or file is None:
        return refusal(404, "not_found", "转储中没有这个文件。", "The dump has no such file.")
    headers = {
        "ETag": f'"{file["sha256"]}"',
        "Content-Disposition": content_disposition(name),
        "Access-Control-Allow-Origin": "*",
        "X-Content-Type-Options": "nosniff",
    }
    given = tk.request.if_none_match
    if given.star_tag or given.contains_weak(file["sha256"]):
        return DownloadResponse(status=304, headers=headers)
    headers["Content-Length"] = str(file["size"])
    body = b"" if tk.request.method == "HEAD" else buckets.public().stream(file["key"])
    return DownloadResponse(body, headers=headers, content_type=file["media_type"], direct_passthrough=True)
