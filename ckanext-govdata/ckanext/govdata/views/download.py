"""Published files, the only way to them:

- ``/dataset/<name>/releases/<number>/<file>``: one release, the same bytes for ever, 410 once withdrawn;
- ``/dataset/<name>/latest/<file>``: whatever is current.

Every request asks the state of the release first, then streams from the object store; there is no other
address of these files, presigned or public. Both addresses carry the SHA-256 as ETag and may be cached,
but a cache has to ask again each time (``no-cache``): a file withdrawn because something personal was
found in it must not live on in a proxy, and asking costs one row.

Ranges, conditions and HEAD follow RFC 9110. Several ranges at once are answered with the whole file,
as it permits.

Article: SX-15 (machine-readable and free), SX-22 (what was withdrawn is gone).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from ckan import model
from ckan.plugins import toolkit as tk
from flask import Blueprint, Request, Response, jsonify, make_response
from werkzeug.http import parse_etags, parse_range_header, quote_etag

from ckanext.govdata.portal import acceptance, use_count
from ckanext.govdata.release.artifacts import Artifact, Gone, Hidden, media_type_of
from ckanext.govdata.release.public import LATEST, published_artifact
from ckanext.govdata.storage import buckets, download_count
from ckanext.govdata.storage.errors import StorageError

download = Blueprint("govdata_download", __name__)

CACHE_CONTROL = "public, no-cache"


class DownloadResponse(Response):
    """A response with caching headers that are final: CKAN's own after-request hook would set others."""

    final_cache_control = CACHE_CONTROL

    def get_wsgi_headers(self, environ: Any) -> Any:
        headers = super().get_wsgi_headers(environ)
        headers["Cache-Control"] = self.final_cache_control
        # The same bytes for everybody, whoever is signed in.
        headers.pop("Vary", None)
        return headers


@dataclass(frozen=True, slots=True)
class Window:
    """Bytes ``start`` … ``start + length - 1`` of a file; ``partial`` when they were asked for."""

    start: int
    length: int
    partial: bool


@download.route("/dataset/<name>/releases/<int:number>/<filename>", methods=["GET", "HEAD"])
def release_file(name: str, number: int, filename: str) -> Response:
    """A file of one release."""
    return _serve(name, published_artifact(model.Session, name, number, filename))


@download.route("/dataset/<name>/latest/<filename>", methods=["GET", "HEAD"])
def latest_file(name: str, filename: str) -> Response:
    """A file of the current release."""
    return _serve(name, published_artifact(model.Session, name, LATEST, filename))


def _serve(name: str, found: Artifact | Gone | Hidden | None) -> Response:
    if found is None:
        return _absent()
    if isinstance(found, Gone):
        return _gone(name, found)
    if isinstance(found, Hidden):
        return _hidden(name, found)
    request = tk.request
    taken = acceptance.of_file(model.Session, found.key)
    headers = _headers(found) | ({"Link": taken[1].link} if taken is not None else {})
    etags = parse_etags(request.headers.get("If-None-Match"))
    required = parse_etags(request.headers.get("If-Match"))
    if "If-Match" in request.headers and not (required.star_tag or required.contains(found.sha256)):
        return DownloadResponse(status=412, headers=headers)
    if etags.star_tag or etags.contains_weak(found.sha256):
        return DownloadResponse(status=304, headers=headers)
    window = window_of(request, found)
    if window is None:
        headers["Content-Range"] = f"bytes */{found.size}"
        return DownloadResponse(status=416, headers=headers)
    headers["Content-Length"] = str(window.length)
    if window.partial:
        headers["Content-Range"] = f"bytes {window.start}-{window.start + window.length - 1}/{found.size}"
    status = 206 if window.partial else 200
    media_type = media_type_of(found.format)
    if request.method == "HEAD":
        return DownloadResponse(status=status, headers=headers, content_type=media_type)
    try:
        body = buckets.public().stream(found.key, window.start, window.length)
    except StorageError as error:
        return _unavailable(error)
    if window.start == 0:
        # A download that goes on later counts once.
        download_count.add(found.key)
        use_count.count_download(found.key)
        if taken is not None:
            acceptance.count(*taken)
    return DownloadResponse(
        body, status=status, headers=headers, content_type=media_type, direct_passthrough=True
    )


def window_of(request: Request, artifact: Artifact) -> Window | None:
    """The part of the file that the request asks for; None when the file has no such bytes (416)."""
    whole = Window(0, artifact.size, partial=False)
    asked = parse_range_header(request.headers.get("Range"), make_inclusive=False)
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return whole
    condition = request.headers.get("If-Range")
    if condition is not None and condition.strip() != quote_etag(artifact.sha256):
        # Another version, a weak tag or a date: the client starts again with the whole file.
        return whole
    span = asked.range_for_length(artifact.size)
    if span is None:
        return None
    return Window(span[0], span[1] - span[0], partial=True)


def content_disposition(filename: str) -> str:
    """An attachment under its own name (RFC 6266), with an ASCII name for clients that read no other."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_. ") else "_" for c in filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def _headers(artifact: Artifact) -> dict[str, str]:
    return {
        "ETag": quote_etag(artifact.sha256),
        "Accept-Ranges": "bytes",
        "Content-Disposition": content_disposition(artifact.filename),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "ETag, Content-Range, Accept-Ranges, Content-Disposition, Link",
    }


def _wants_json() -> bool:
    best = tk.request.accept_mimetypes.best_match(
        ["application/json", "text/html"], default="application/json"
    )
    return bool(best == "application/json")


def _final(response: Response, status: int) -> Response:
    answer = DownloadResponse(response.get_data(), status=status, content_type=response.content_type)
    answer.final_cache_control = "no-store"
    return answer


def _refusal(code: str, status: int, zh: str, en: str) -> Response:
    return _final(
        jsonify({"success": False, "error": {"code": code, "message": {"zh": zh, "en": en}}}), status
    )


def _gone(name: str, gone: Gone) -> Response:
    zh = f"第 {gone.number} 次发布已经撤回，其中的文件不再提供。"
    en = f"Release {gone.number} was withdrawn; its files are no longer provided."
    if _wants_json():
        return _refusal("withdrawn", 410, zh, en)
    page = tk.render("download/gone.html", {"dataset_name": name, "number": gone.number, "zh": zh, "en": en})
    return _final(make_response(page), 410)


def _hidden(name: str, hidden: Hidden) -> Response:
    zh = f"第 {hidden.number} 次发布因隐私投诉暂停公开，正在核查；核查后恢复公开或撤回。"
    en = f"Release {hidden.number} is not public while a privacy complaint about it is examined."
    if _wants_json():
        return _refusal("hidden", 451, zh, en)
    page = tk.render(
        "download/gone.html", {"dataset_name": name, "number": hidden.number, "zh": zh, "en": en}
    )
    return _final(make_response(page), 451)


def _absent() -> Response:
    zh, en = "没有这个文件。", "There is no such file."
    if _wants_json():
        return _refusal("not_found", 404, zh, en)
    return tk.abort(404, tk._("There is no such file."))


def _unavailable(error: StorageError) -> Response:
    # A published row without its object is our fault, whatever the store calls it: the reader tries again.
    return _refusal("file_unavailable", 503, error.zh, error.en)
