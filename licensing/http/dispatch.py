"""What happens to a request, from its first byte to its answer.

Authentication, limits, the idempotency key, the request's content, the handler and the commit come in this
order, in one transaction; whatever raises ends it without an effect.
"""

from __future__ import annotations

import logging
import re
import traceback
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any, Final
from urllib.parse import quote
from uuid import uuid4

import msgspec
from flask import Request, Response
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from licensing.core.errors import LicensingError, NotFound, Overtaken
from licensing.http import body, etag, idempotency, problem
from licensing.http.errors import (
    MethodNotAllowed,
    PreconditionFailed,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    Unexpected,
)
from licensing.http.idempotency import Answer
from licensing.http.route import SAFE, Call, Media, Reply, Route, Sent
from licensing.http.settings import NOBODY, Allowance, Settings
from licensing.ports import Time

log = logging.getLogger(__name__)
JSON: Final = "application/json"
POLICY: Final = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""What a browser that opens an answer may do with it: show it. Pictures can be embedded anywhere."""
_ENCODER = msgspec.json.Encoder()


@dataclass(frozen=True, slots=True)
class _InUtc:
    """The platform's time, in the zone in which the database gives times back: an answer is the same text
    before it is stored and after."""

    _time: Time

    def now(self) -> datetime:
        return self._time.now().astimezone(timezone.utc)


class Dispatcher:
    """Serves a table of routes."""

    def __init__(self, settings: Settings, routes: tuple[Route, ...]) -> None:
        self._settings, self._routes = settings, routes

    def serve(self, request: Request, path: str) -> Response:
        """The response to ``request``, whose path below the interface's root is ``path``."""
        request_id = str(uuid4())
        lang = problem.language(request.accept_languages)
        allowance: list[Allowance] = []
        try:
            response = self._answer(request, path, allowance)
        except LicensingError as error:
            response = self._told(error, path, lang, request_id)
        except (OperationalError, PoolTimeout) as error:
            _note(request_id, error)
            busy = Unavailable(
                "数据库暂时无法使用，请稍后重试。", "The database cannot be reached; try again later."
            )
            response = self._told(busy, path, lang, request_id)
        except Exception as error:  # noqa: BLE001  the last place that can tell it without a traceback
            _note(request_id, error)
            fault = Unexpected(
                "系统出错，请求未生效。请把请求编号告诉平台。",
                "A fault of ours; the request had no effect. Tell the platform the number of the request.",
            )
            response = self._told(fault, path, lang, request_id)
        response.headers["X-Request-Id"] = request_id
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Content-Security-Policy"] = POLICY
        for each in allowance:
            response.headers["RateLimit-Limit"] = str(each.limit)
            response.headers["RateLimit-Remaining"] = str(max(each.remaining, 0))
            response.headers["RateLimit-Reset"] = str(each.reset)
        return response

    # -- finding the route -------------------------------------------------------------------------

    def _at(self, path: str) -> dict[str, tuple[Route, dict[str, str]]]:
        """The routes at a path by method."""
        found = ((route, route.pattern.fullmatch(path)) for route in self._routes)
        return {route.method: (route, match.groupdict()) for route, match in found if match}

    def methods(self, path: str) -> list[str]:
        """What may be done at a path; empty where nothing is."""
        found = set(self._at(path))
        if not found:
            return []
        return sorted(found | {"OPTIONS"} | ({"HEAD"} if "GET" in found else set()))

    def _answer(self, request: Request, path: str, allowance: list[Allowance]) -> Response:
        here = self._at(path)
        if not here:
            raise NotFound("没有这个接口地址。", "There is nothing at this address.")
        if request.method == "OPTIONS":
            return Response(status=204, headers={"Allow": ", ".join(self.methods(path))})
        method = "GET" if request.method == "HEAD" else request.method
        if method not in here:
            raise MethodNotAllowed(
                "此地址不支持 {method} 方法。", "{method} is not possible here.", method=_word(method)
            )
        route, places = here[method]
        with self._settings.sessions() as session:
            response = self._run(session, request, route, places, allowance)
            session.commit()
        return response

    # -- running it --------------------------------------------------------------------------------

    def _run(
        self,
        session: Session,
        request: Request,
        route: Route,
        places: dict[str, str],
        allowance: list[Allowance],
    ) -> Response:
        settings = self._settings
        principal = (None if route.public else settings.authenticate(request, session)) or NOBODY
        allowed = settings.limit(request, principal)
        if allowed is not None:
            allowance.append(allowed)
            if allowed.spent:
                raise TooManyRequests(
                    "请求过于频繁，请在 {seconds} 秒后重试。",
                    "Too many requests; try again in {seconds} seconds.",
                    seconds=allowed.reset,
                )
        if not route.public and principal is NOBODY:
            raise Unauthenticated(
                "请提供访问令牌（Authorization: Bearer …）。", "Give a token (Authorization: Bearer …)."
            )
        query = body.query(request, route.query) if route.query is not None else None
        content, plain = (
            body.read(request, route.body, route.limit) if route.body is not None else (None, b"")
        )
        if_match = request.headers.get("If-Match")
        if_version = etag.required(if_match) if route.writes and route.versioned else None
        ctx = settings.context(session, principal)
        ctx = replace(ctx, time=_InUtc(ctx.time))
        key = None
        given = request.headers.get("Idempotency-Key") if route.writes and not route.public else None
        if given is not None:
            key = idempotency.Key(given, principal.id)
            parts = (request.method, request.full_path, request.headers.get("If-Match", ""))
            same = key.fingerprint(*(part.encode() for part in parts), plain)
            before = idempotency.earlier(session, key, same, ctx.time.now())
            if before is not None:
                return _response(before, replayed=True)
        sent = Sent({name.lower(): value for name, value in request.headers.items()}, plain)
        call = Call(session, ctx, settings, places, query, content, if_version, sent)
        try:
            result = route.handler(call)
            session.flush()
        except Overtaken as error:
            if if_version is None:
                raise
            raise PreconditionFailed(error.zh, error.en) from error
        answer = self._finished(route, result)
        if key is not None:
            idempotency.remember(session, key, answer)
        tag = answer.headers.get("ETag")
        if not route.writes and tag and etag.unchanged(request.headers.get("If-None-Match"), tag):
            answer = Answer(304, {"ETag": tag}, b"")
        return _response(answer, public=route.public)

    def _finished(self, route: Route, result: Any) -> Answer:
        reply = result if isinstance(result, Reply) else Reply(result)
        headers = {}
        if isinstance(route.answer, Media):
            headers["Content-Type"], content = route.answer.type, bytes(reply.content)
        else:
            headers["Content-Type"], content = JSON, _ENCODER.encode(reply.content)
        if reply.version is not None:
            headers["ETag"] = etag.etag(reply.version)
        if reply.location is not None:
            headers["Location"] = self._settings.prefix + reply.location
        if reply.filename is not None:
            headers["Content-Disposition"] = _attachment(reply.filename)
        return Answer(route.status, headers, content)

    # -- telling errors ----------------------------------------------------------------------------

    def _told(self, error: LicensingError, path: str, lang: str, request_id: str) -> Response:
        document = problem.problem(error, lang, request_id)
        response = Response(_ENCODER.encode(document), error.status, content_type=problem.MEDIA)
        response.headers["Content-Language"] = "zh-CN" if lang == "zh" else "en"
        response.headers["Cache-Control"] = "no-store"
        response.headers["Vary"] = "Accept-Language"
        if error.status == 401:
            response.headers["WWW-Authenticate"] = 'Bearer realm="licensing"'
        elif error.status == 405:
            response.headers["Allow"] = ", ".join(self.methods(path))
        elif error.status in (429, 503):
            response.headers["Retry-After"] = str(error.params.get("seconds", 5))
        return response


def _response(answer: Answer, *, public: bool = False, replayed: bool = False) -> Response:
    response = Response(answer.content, answer.status, headers=answer.headers)
    response.headers["Cache-Control"] = "no-cache" if public else "private, no-store"
    response.headers["Vary"] = "Authorization, Accept-Language"
    if replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def _attachment(filename: str) -> str:
    """The header by which a browser saves the answer instead of showing it (RFC 6266, RFC 8187)."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def _word(method: str) -> str:
    return method if method in (*SAFE, "POST", "PUT", "PATCH", "DELETE") else "?"


def _note(request_id: str, error: Exception) -> None:
    """Where it happened. Never the message: those of databases repeat what was to be stored."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    log.error("request %s: %s at %s", request_id, type(error).__name__, places)
