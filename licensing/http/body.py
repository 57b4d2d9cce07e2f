"""Requests taken apart strictly: unknown members, repeated members and wrong types are refused."""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
from flask import Request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from licensing.core.errors import InvalidInput
from licensing.core.store.text import refuse_unstorable
from licensing.http.errors import BadRequest, ContentTooLarge, UnsupportedMedia
from licensing.http.route import JSON_LIMIT, Media

_AT = re.compile(r" - at `\$?(.*)`$")
_STEP = re.compile(r"\.(\w+)|\[(\d+)\]")
_SAFE_REASONS = ("Expected `", "Object missing required field `")
"""Beginnings of msgspec's messages that hold only our own names; the others may repeat what was sent."""


class _Repeated(ValueError):
    pass


def read(request: Request, wanted: Any, limit: int = JSON_LIMIT) -> tuple[Any, bytes]:
    """The request's content as ``wanted``, and its bytes; a JSON document has at most ``limit`` of them.

    Raises:
        ContentTooLarge, UnsupportedMedia, BadRequest, InvalidInput: see the names.
    """
    media = wanted if isinstance(wanted, Media) else Media("application/json", limit)
    if request.mimetype != media.type:
        raise UnsupportedMedia(
            "请求内容的类型应为 {type}。", "The content must be of type {type}.", type=media.type
        )
    content = _bytes(request, media.limit)
    if isinstance(wanted, Media):
        return content, content
    return _json(content, wanted), content


def _bytes(request: Request, limit: int) -> bytes:
    request.max_content_length = limit
    try:
        return request.get_data(cache=False)
    except RequestEntityTooLarge as error:
        raise ContentTooLarge(
            "请求内容超过 {limit} 字节。", "The content has more than {limit} bytes.", limit=limit
        ) from error
    except ClientDisconnected as error:
        raise BadRequest("请求没有传完。", "The request is not complete.") from error


def _json(content: bytes, wanted: Any) -> Any:
    try:
        json.loads(content, object_pairs_hook=_once)
        found = msgspec.json.decode(content, type=wanted)
    except msgspec.ValidationError as error:
        raise _refusal(str(error)) from error
    except (ValueError, RecursionError) as error:
        raise BadRequest(
            "请求内容不是合格的 JSON（须为 UTF-8，成员不得重复）。",
            "The content is not good JSON (UTF-8, no member twice).",
        ) from error
    refuse_unstorable(msgspec.to_builtins(found))
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Repeated
    return found


def query(request: Request, wanted: type) -> Any:
    """The query string as ``wanted``; a parameter stands once.

    Raises:
        InvalidInput: a parameter is unknown, repeated or of a wrong type.
    """
    given = dict(request.args.lists())
    if any(len(values) > 1 for values in given.values()):
        raise InvalidInput("查询参数不得重复。", "A query parameter stands only once.")
    single = {name: values[0] for name, values in given.items()}
    try:
        found: Any = msgspec.convert(single, wanted, strict=False)
    except msgspec.ValidationError as error:
        raise _refusal(str(error)) from error
    refuse_unstorable(msgspec.to_builtins(found))
    return found


def _refusal(message: str) -> InvalidInput:
    """What is wrong and where, without repeating what was sent."""
    place = _AT.search(message)
    reason = message[: place.start()] if place else message
    pointer = "".join(f"/{name or number}" for name, number in _STEP.findall(place[1] if place else ""))
    if not reason.startswith(_SAFE_REASONS):
        unknown = "unknown field" in reason
        reason = "unknown member" if unknown else "value out of its range"
    return InvalidInput(
        "请求内容不符合接口定义（位置：{at}；{reason}）。",
        "The request is not what the interface asks for (at {at}: {reason}).",
        at=pointer or "/",
        reason=reason,
        pointer=pointer,
    )
