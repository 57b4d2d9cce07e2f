"""The interface's description (OpenAPI 3.1), written from the table of routes and the types it names."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any, Final

import msgspec

from licensing.http import problem
from licensing.http.idempotency import KEY_PATTERN
from licensing.http.problem import TITLES, Problem
from licensing.http.route import Media, Route

_REF: Final = "#/components/schemas/{name}"

_IF_MATCH: Final = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": '您看到的版本（ETag），如 "3"；* 为任意版本。/ The version that you saw; * for any.',
    "schema": {"type": "string", "pattern": '^("[0-9]{1,9}"|\\*)$'},
}
_IF_NONE_MATCH: Final = {
    "name": "If-None-Match",
    "in": "header",
    "description": "版本未变时返回 304。/ Answers 304 while this is still the version.",
    "schema": {"type": "string", "pattern": '^"[0-9]{1,9}"$'},
}
_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "同一键重复提交只生效一次（24 小时）。/ Sent twice, one effect (24 h).",
    "schema": {"type": "string", "pattern": KEY_PATTERN},
}


def document(routes: tuple[Route, ...], prefix: str) -> dict[str, Any]:
    """The document as plain data."""
    types = [Problem]
    for route in routes:
        types += [t for t in (route.answer, route.body) if t is not None and not isinstance(t, Media)]
    unique = list(dict.fromkeys(types))
    schemas, components = msgspec.json.schema_components(unique, ref_template=_REF)
    by_type = dict(zip(unique, schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.template, {})[route.method.lower()] = _operation(route, by_type)
    made = {
        "openapi": "3.1.0",
        "info": {
            "title": "政务数据授权利用接口 / Licensing of government data",
            "version": version("govdata"),
            "description": "错误按 RFC 9457；列表按游标分页；写操作可带 Idempotency-Key，修改须带 If-Match。"
            " / Errors by RFC 9457, lists by cursors, writes with Idempotency-Key and If-Match.",
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": prefix}],
        "security": [{"token": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(route.tag for route in routes)],
        "paths": paths,
        "components": {
            "schemas": components,
            "responses": {str(status): _problem(status) for status in TITLES},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }
    # Defaults of the types may be tuples and structs: as JSON has them.
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(made))
    return plain


def _problem(status: int) -> dict[str, Any]:
    zh, en = TITLES[status]
    response: dict[str, Any] = {
        "description": f"{zh} / {en}",
        "content": {problem.MEDIA: {"schema": {"$ref": _REF.format(name="Problem")}}},
    }
    if status in (429, 503):
        response["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "required": True}}
    return response


def _operation(route: Route, by_type: dict[Any, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "tags": [route.tag],
        "summary": f"{route.zh} / {route.en}",
        "parameters": _parameters(route),
        "responses": {str(route.status): _success(route, by_type)},
    }
    if route.body is not None:
        operation["requestBody"] = {"required": True, "content": _content(route.body, by_type)}
    if route.public:
        operation["security"] = []
    if route.versioned and not route.writes:
        operation["responses"]["304"] = {"description": "未变 / Not modified"}
    for status in route.statuses:
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/{status}"}
    return operation


def _success(route: Route, by_type: dict[Any, Any]) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if route.versioned:
        headers["ETag"] = {"required": True, "schema": {"type": "string", "pattern": '^"[0-9]+"$'}}
    if route.status == 201:
        headers["Location"] = {"required": True, "schema": {"type": "string"}}
    if isinstance(route.answer, Media):
        headers["Content-Disposition"] = {"schema": {"type": "string"}}
    return {
        "description": "成功 / Done",
        "content": _content(route.answer, by_type),
        **({"headers": headers} if headers else {}),
    }


def _content(kind: Any, by_type: dict[Any, Any]) -> dict[str, Any]:
    if isinstance(kind, Media) and kind.type.endswith("json"):
        # Described elsewhere: by its own standard (JSON-LD, CSL-JSON), or signed and hashed as it stands.
        return {kind.type: {"schema": {"type": ["object", "array"]}}}
    if isinstance(kind, Media):
        return {kind.type: {"schema": {"type": "string", "format": "binary"}}}
    return {"application/json": {"schema": by_type[kind]}}


def _parameters(route: Route) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": schema} for name, schema in route.places
    ]
    if route.query is not None:
        (reference,), components = msgspec.json.schema_components([route.query], ref_template=_REF)
        schema = components[reference["$ref"].rsplit("/", 1)[1]]
        needed = schema.get("required", [])
        for name, each in schema["properties"].items():
            plain = {key: value for key, value in each.items() if key != "description"}
            parameter = {"name": name, "in": "query", "required": name in needed, "schema": plain}
            found.append(
                {**parameter, **({"description": each["description"]} if "description" in each else {})}
            )
    if route.writes and route.versioned:
        found.append(_IF_MATCH)
    if route.versioned and not route.writes:
        found.append(_IF_NONE_MATCH)
    if route.writes and not route.public:
        found.append(_KEY)
    return found
