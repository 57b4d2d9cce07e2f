"""OpenAPI 3.1 documents: the portal's public interface, and each dataset's own with its columns.

What stands in ``openapi.yaml`` is the portal's interface without its address; this module adds address and
names. Only what an anonymous reader may call is described.
"""

from __future__ import annotations

import copy
from functools import cache
from importlib import resources
from typing import Any

import yaml

from ckanext.govdata.datastore_columns import column_ids
from ckanext.govdata.interchange import table_schema
from ckanext.govdata.interchange.entry import Entry, File, Site

_TYPES: dict[str, dict[str, Any]] = {
    "integer": {"type": ["integer", "null"]},
    "number": {"type": ["number", "null"]},
    "boolean": {"type": ["boolean", "null"]},
    "date": {"type": ["string", "null"], "description": "YYYY-MM-DD"},
    "datetime": {"type": ["string", "null"], "description": "YYYY-MM-DDThh:mm:ss"},
}


def portal(site: Site) -> dict[str, Any]:
    """The document of the whole portal."""
    document = copy.deepcopy(_template())
    document["info"]["title"] = f"{site.title} · API"
    document["servers"] = [{"url": site.url}]
    if site.email:
        document["info"]["contact"] = {"name": site.sponsor or site.title, "email": site.email}
    return document


def dataset(entry: Entry, site: Site) -> dict[str, Any]:
    """The document of one entry: its files, its descriptions, and its rows where a table is published."""
    paths: dict[str, Any] = {
        f"/dataset/{entry.name}.{ending}": _document(ending) for ending in ("ttl", "jsonld", "xml")
    }
    schemas: dict[str, Any] = {}
    if entry.release is not None:
        for file in entry.release.files:
            paths[f"/dataset/{entry.name}/latest/{file.filename}"] = _download(file)
        table = next((file for file in entry.release.files if file.queryable), None)
        if table is not None:
            schemas = {"Row": _row(entry), "Answer": _answer()}
            paths["/api/3/action/datastore_search"] = _query(entry, table)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": entry.title,
            "description": entry.notes or entry.title,
            "version": f"{entry.release.number if entry.release else 0}.0.0",
            "license": {"name": entry.licence.en, "url": entry.licence.url},
        },
        "servers": [{"url": site.url}],
        "externalDocs": {"url": entry.url},
        "paths": paths,
        "components": {"schemas": schemas},
    }


@cache
def _template() -> dict[str, Any]:
    text = resources.files(__package__).joinpath("openapi.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.safe_load(text)
    return document


def _columns(entry: Entry) -> list[tuple[str, dict[str, Any]]]:
    fields = (table_schema.of(entry) or {}).get("fields", [])
    return list(zip(column_ids([field["name"] for field in fields]), fields, strict=True))


def _row(entry: Entry) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "_id": {"type": "integer", "description": "行号，从 1 起 row number from 1"}
    }
    for name, field in _columns(entry):
        shape = dict(_TYPES.get(field["type"], {"type": ["string", "null"]}))
        if field.get("description"):
            shape["description"] = field["description"]
        properties[name] = {"title": field.get("title") or field["name"], **shape}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _answer() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["success", "result"],
        "properties": {
            "success": {"type": "boolean"},
            "result": {
                "type": "object",
                "required": ["records"],
                "properties": {
                    "total": {"type": "integer", "description": "全部行数 rows that match"},
                    "records": {"type": "array", "items": {"$ref": "#/components/schemas/Row"}},
                },
            },
        },
    }


def _query(entry: Entry, table: File) -> dict[str, Any]:
    names = [name for name, _ in _columns(entry)]

    def parameter(name: str, schema: dict[str, Any], text: str, **more: Any) -> dict[str, Any]:
        return {"name": name, "in": "query", "description": text, "schema": schema, **more}

    filters = {
        "name": "filters",
        "in": "query",
        "description": "按列取值筛选，JSON 对象 equal values by column, a JSON object",
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {name: {} for name in names},
                    "additionalProperties": False,
                }
            }
        },
    }
    return {
        "get": {
            "operationId": "rows",
            "summary": "查询数据行 Query the rows",
            "parameters": [
                parameter(
                    "resource_id",
                    {"type": "string", "const": table.id},
                    "数据表编号 id of the table",
                    required=True,
                ),
                parameter(
                    "limit", {"type": "integer", "minimum": 0, "maximum": 32000, "default": 100}, "行数 rows"
                ),
                parameter(
                    "offset", {"type": "integer", "minimum": 0, "default": 0}, "跳过的行数 rows to skip"
                ),
                parameter("q", {"type": "string"}, "全文检索 full text"),
                parameter("sort", {"type": "string"}, "排序，如 “列名 desc” order, as in “column desc”"),
                filters,
            ],
            "responses": {
                "200": {
                    "description": "数据行 rows",
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Answer"}}},
                },
                "404": {"description": "数据已撤回或更新 withdrawn or replaced"},
                "409": {"description": "参数有误 a parameter is wrong"},
            },
        }
    }


def _download(file: File) -> dict[str, Any]:
    return {
        "get": {
            "operationId": f"download_{file.format}",
            "summary": f"下载 {file.format.upper()} Download",
            "responses": {
                "200": {
                    "description": f"{file.size} 字节 bytes",
                    "content": {file.media_type: {"schema": {}}},
                },
                "206": {"description": "部分内容 part of it"},
                "410": {"description": "已撤回 withdrawn"},
            },
        }
    }


def _document(ending: str) -> dict[str, Any]:
    return {
        "get": {
            "operationId": f"describe_{ending}",
            "summary": "目录信息（DCAT-AP）Description (DCAT-AP)",
            "responses": {
                "200": {"description": "RDF"},
                "304": {"description": "未变化 unchanged"},
                "404": {"description": "没有此数据 no such dataset"},
                "410": {"description": "已删除 deleted"},
            },
        }
    }
