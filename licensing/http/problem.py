"""Errors as problem documents (RFC 9457) in the reader's language, with nothing personal in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec
from werkzeug.datastructures import LanguageAccept

from licensing.core.errors import LicensingError

MEDIA: Final = "application/problem+json"

TITLES: Final[Mapping[int, tuple[str, str]]] = {
    400: ("请求格式有误", "Malformed request"),
    401: ("需要身份认证", "Authentication is needed"),
    403: ("没有权限", "Not permitted"),
    404: ("没有找到", "Not found"),
    405: ("不支持该请求方法", "Method not allowed"),
    409: ("与当前状态冲突", "In conflict with the present state"),
    412: ("记录已被更新", "The record has changed"),
    413: ("内容过大", "Content too large"),
    415: ("不支持该内容类型", "Unsupported content type"),
    422: ("内容不符合要求", "The content is not acceptable"),
    428: ("缺少版本号", "The version is missing"),
    429: ("请求过于频繁", "Too many requests"),
    500: ("系统内部错误", "Internal error"),
    503: ("服务暂不可用", "Service unavailable"),
}


class Fault(msgspec.Struct, forbid_unknown_fields=True):
    """One of several faults; ``pointer`` (RFC 6901) is its place."""

    pointer: str
    code: str
    detail: str


class Problem(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """An error. ``code`` is the same word in every language; ``instance`` names the request in our log;
    ``pointer`` (RFC 6901) says where in the request's document, when the error is about one place of it;
    ``errors`` has each fault when there are several."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    pointer: str | None = None
    errors: list[Fault] | None = None


def language(accepted: LanguageAccept) -> str:
    """``zh`` unless the reader prefers English."""
    best = accepted.best_match(["zh-CN", "zh", "en", "zh-Hans", "en-US", "en-GB"], "zh")
    return "en" if best.startswith("en") else "zh"


def problem(error: LicensingError, lang: str, request_id: str) -> Problem:
    """The document of an error."""
    zh, en = TITLES.get(error.status, TITLES[500])
    pointer = error.params.get("pointer")
    return Problem(
        type=f"urn:govdata:problem:{error.code}",
        title=zh if lang == "zh" else en,
        status=error.status,
        detail=error.message(lang),
        code=error.code,
        instance=f"urn:uuid:{request_id}",
        pointer=str(pointer) if pointer else None,
        errors=[
            Fault(each.pointer, each.code, each.zh if lang == "zh" else each.en) for each in error.parts()
        ]
        or None,
    )
