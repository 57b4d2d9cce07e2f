"""Versions in HTTP: an ETag is the subject's version in quotes."""

from __future__ import annotations

import re

from licensing.http.errors import BadRequest, PreconditionRequired

_ETAG = re.compile(r'"([0-9]{1,9})"')


def etag(version: int) -> str:
    """The strong entity tag (RFC 9110, 8.8.3) of a version."""
    return f'"{version}"'


def required(header: str | None) -> int | None:
    """The version that If-Match names; None for ``*``, which takes any.

    Raises:
        PreconditionRequired: the header is missing; BadRequest: it is no tag of ours.
    """
    if header is None:
        raise PreconditionRequired(
            "请在 If-Match 请求头中填写您看到的版本（读取时返回的 ETag）。",
            "Say in If-Match which version you have seen (the ETag of what you read).",
        )
    if header.strip() == "*":
        return None
    found = _ETAG.fullmatch(header.strip())
    if found is None:
        raise BadRequest(
            'If-Match 请求头应为一个带引号的版本号，如 "3"。', 'If-Match is one version in quotes, like "3".'
        )
    return int(found[1])


def unchanged(header: str | None, tag: str) -> bool:
    """Whether If-None-Match names this tag (weak comparison)."""
    tags = [each.strip().removeprefix("W/") for each in (header or "").split(",")]
    return "*" in tags or tag in tags
