"""How a machine-readable document is answered: alike for everybody, with conditions, plainly when absent.

The ETag is weak where a serialiser may order equal content differently; it is made of what the document was
drawn from, before it is drawn, so that an unchanged catalogue costs no serialisation.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ckan.plugins import toolkit as tk
from flask import Response
from werkzeug.http import http_date, parse_date, parse_etags

from ckanext.govdata.interchange.entry import Entry
from ckanext.govdata.interchange.gather import Absence, entry
from ckanext.govdata.views.download import DownloadResponse

JSON = "application/json"
JSON_LD = "application/ld+json"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Link",
}


def answer(
    draw: Callable[[], str | bytes],
    media_type: str,
    etag: str,
    modified: datetime | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """The document that ``draw`` makes, or 304 when the reader has it. ``etag`` is hex without quotes."""
    sent = {**_HEADERS, "ETag": f'W/"{etag}"', **(headers or {})}
    if modified is not None:
        sent["Last-Modified"] = http_date(modified)
    if is_known(etag, modified):
        return DownloadResponse(status=304, headers=sent)
    kind = media_type if media_type.startswith("application/gzip") else f"{media_type}; charset=utf-8"
    return DownloadResponse(draw(), headers=sent, content_type=kind)


def is_known(etag: str, modified: datetime | None) -> bool:
    """Whether the request's conditions say that the reader has this already (RFC 9110, 13.2.2)."""
    request = tk.request
    if "If-None-Match" in request.headers:
        given = parse_etags(request.headers["If-None-Match"])
        return bool(given.star_tag or given.contains_weak(etag))
    since = parse_date(request.headers.get("If-Modified-Since"))
    return since is not None and modified is not None and modified.replace(microsecond=0) <= since


def as_json(document: Any) -> str:
    """JSON for people who look at it as well."""
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def refusal(status: int, code: str, zh: str, en: str) -> Response:
    """An answer that says what is wrong, in both languages, and is kept by nobody."""
    body = as_json({"success": False, "error": {"code": code, "message": {"zh": zh, "en": en}}})
    refused = DownloadResponse(body, status=status, headers=dict(_HEADERS), content_type=JSON)
    refused.final_cache_control = "no-store"
    return refused


def absent(why: Absence = "never") -> Response:
    """404, or 410 for an entry that once had public data."""
    if why == "gone":
        return refusal(410, "gone", "这个数据集已经删除。", "This dataset has been deleted.")
    return refusal(404, "not_found", "没有这个公开的数据集。", "There is no such public dataset.")


def unpublished() -> Response:
    """404: the entry is there and has no data to describe yet."""
    return refusal(
        404, "not_published", "这个数据集还没有公开的数据。", "This dataset has no public data yet."
    )


def found(name: str) -> Entry | Response:
    """The public entry of this name, or the answer that there is none."""
    picture = entry(name)
    return absent(picture) if isinstance(picture, str) else picture
