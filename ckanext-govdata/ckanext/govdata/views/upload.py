"""Chunked, resumable upload of a raw file: ``/api/release/uploads``.

=====================================  ===============================================================
``POST   /api/release/uploads``        ``{dataset_id, filename, size, origin, consent}`` → creates the release
                                       and answers ``{upload_id, release_id, part_size, parts, present}``
``GET    /api/release/uploads/<id>``   the same: what is there, so that a client can go on
``PUT    …/<id>/<part>``               one part as the raw body, numbered from 1; may be sent again.
                                       ``Content-Digest: sha-256=:…:`` (RFC 9530) is checked when given
``POST   …/<id>/complete``             joins the parts; the release is ``uploaded`` then
``DELETE …/<id>``                      gives the upload and its release up; everything staged is destroyed
=====================================  ===============================================================

By session with CSRF token, or by API token; only who began an upload sees it. Parts are sealed before
they are stored, and the body of a part never stands on a disk.

Article: SX-22 (raw data rest encrypted and do not leak).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.config.middleware.flask_app import csrf
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, jsonify

from anonymize.errors import AnonymizeError
from ckanext.govdata import config
from ckanext.govdata.model import Release
from ckanext.govdata.storage import buckets, uploads
from ckanext.govdata.storage.errors import UploadRefused
from licensing.core.errors import LicensingError

upload = Blueprint("govdata_upload", __name__, url_prefix="/api/release/uploads")

#: Releases that one person may have waiting for their file at a time.
MAX_OPEN = 50
_READ = 256 * 1024
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/=]+):")


@upload.before_request
def _only_known_callers() -> Any:
    if tk.current_user.is_anonymous:
        return _refusal("not_authorized", 403, "请先登录，或使用 API 令牌。", "Log in, or use an API token.")
    # CKAN exempts a view for good once it was called with a token; a call by cookie is checked here again.
    if tk.request.method not in ("GET", "HEAD", "OPTIONS") and not tk.g.get("login_via_auth_header"):
        csrf.protect()
    return None


@upload.after_request
def _never_stored(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@upload.errorhandler(LicensingError)
@upload.errorhandler(AnonymizeError)
def _on_refusal(error: LicensingError | AnonymizeError) -> Response:
    model.Session.rollback()
    return _refusal(error.code, error.status, error.zh, error.en)


@upload.errorhandler(tk.NotAuthorized)
def _on_not_authorized(_error: tk.NotAuthorized) -> Response:
    return _refusal(
        "not_authorized",
        403,
        "您没有为该目录条目上传数据的权限。",
        "You may not upload data for this entry.",
    )


@upload.errorhandler(tk.ObjectNotFound)
def _on_not_found(_error: tk.ObjectNotFound) -> Response:
    return _refusal("not_found", 404, "没有这个目录条目或发布。", "There is no such entry or release.")


@upload.errorhandler(tk.ValidationError)
def _on_invalid(error: tk.ValidationError) -> Response:
    answer = _refusal("invalid_input", 422, "请求的内容有误，请改正后重试。", "The request is not valid.")
    body = answer.get_json()
    body["error"]["fields"] = error.error_dict
    return _json(body, 422)


@upload.route("", methods=["POST"])
def begin() -> Response:
    """Create the release and open its upload."""
    asked = tk.request.get_json(silent=True)
    if not isinstance(asked, dict):
        raise UploadRefused("invalid_input", 422, "请求须为 JSON 对象。", "Send a JSON object.")
    size = asked.get("size")
    if isinstance(size, bool) or not isinstance(size, int):
        raise UploadRefused(
            "invalid_input", 422, "缺少文件大小 size（字节数）。", "The size in bytes is missing: size."
        )
    # Refused before a release is made, so that nothing is left of it.
    uploads.check_size(size, config.max_bytes())
    _ensure_few_open()
    fields = {
        name: asked[name] for name in ("dataset_id", "filename", "origin", "consent") if asked.get(name)
    }
    created = tk.get_action("govdata_release_create")(
        {"user": tk.current_user.name}, {**fields, "size": size}
    )
    ticket = uploads.begin(
        buckets.staging(),
        buckets.keyring(),
        release_id=created["id"],
        user_id=tk.current_user.id,
        filename=str(asked.get("filename", "")),
        size=size,
        max_bytes=config.max_bytes(),
    )
    return _json(_described(ticket, []), 201)


@upload.route("/<upload_id>", methods=["GET"])
def show(upload_id: str) -> Response:
    """What is there already."""
    ticket = _find(upload_id)
    return _json(_described(ticket, uploads.present(buckets.staging(), ticket)))


@upload.route("/<upload_id>/<int:part>", methods=["PUT"])
def put(upload_id: str, part: int) -> Response:
    """Seal one part."""
    ticket = _find(upload_id)
    digest = uploads.put_part(
        buckets.staging(), buckets.keyring(), ticket, part, _body(), sha256=_announced_digest()
    )
    return _json({"part": part, "sha256": digest})


@upload.route("/<upload_id>/complete", methods=["POST"])
def complete(upload_id: str) -> Response:
    """Join the parts and hand the sealed file to the release."""
    from ckanext.govdata.release import service

    ticket = _find(upload_id)
    store = buckets.staging()
    stored = uploads.complete(store, buckets.keyring(), ticket)
    try:
        service.receive(model.Session, ticket.release_id, tk.current_user._get_current_object(), stored)
        model.Session.commit()
    except BaseException:
        model.Session.rollback()
        store.delete(stored.key)
        raise
    uploads.discard(store, ticket.id)
    service.after_commit(model.Session, ticket.release_id)
    return _json({"release_id": ticket.release_id, "size": stored.size, "sha256": stored.sha256})


@upload.route("/<upload_id>", methods=["DELETE"])
def cancel(upload_id: str) -> Response:
    """Give the upload and its release up."""
    ticket = _find(upload_id)
    tk.get_action("govdata_release_cancel")({"user": tk.current_user.name}, {"id": ticket.release_id})
    uploads.discard(buckets.staging(), ticket.id)
    return _json({"release_id": ticket.release_id})


def _find(upload_id: str) -> uploads.Ticket:
    return uploads.find(buckets.staging(), buckets.keyring(), upload_id, tk.current_user.id)


def _described(ticket: uploads.Ticket, present: list[int]) -> dict[str, Any]:
    return {
        "upload_id": ticket.id,
        "release_id": ticket.release_id,
        "filename": ticket.filename,
        "size": ticket.size,
        "part_size": ticket.part_size,
        "parts": ticket.parts,
        "present": present,
    }


def _ensure_few_open() -> None:
    waiting = model.Session.execute(
        sa.select(sa.func.count())
        .select_from(Release)
        .where(Release.created_by == tk.current_user.id, Release.status == "draft")
    ).scalar_one()
    if waiting >= MAX_OPEN:
        raise UploadRefused(
            "too_many_uploads",
            429,
            "您有 {count} 个发布还在等待上传，请先完成或取消它们。",
            "You have {count} releases waiting for their file; finish or cancel some first.",
            count=waiting,
        )


def _body() -> Iterator[bytes]:
    while piece := tk.request.stream.read(_READ):
        yield piece


def _announced_digest() -> bytes | None:
    header = tk.request.headers.get("Content-Digest", "")
    found = _DIGEST.search(header)
    if not found:
        return None
    try:
        return base64.b64decode(found[1], validate=True)
    except binascii.Error:
        raise UploadRefused(
            "part_digest", 422, "Content-Digest 不是有效的 base64。", "Content-Digest is not base64."
        ) from None


def _refusal(code: str, status: int, zh: str, en: str) -> Response:
    body = {"success": False, "error": {"code": code, "message": {"zh": zh, "en": en}}}
    return _json(body, status)


def _json(body: dict[str, Any], status: int = 200) -> Response:
    response = jsonify(body)
    response.status_code = status
    return response
