"""``datapackage.json``: a release as a Data Package, with checksums and the schema of every table.

Paths are the addresses of one release, because a checksum belongs to bytes that do not change; in the whole
dataset's zip they are names within it. Source: Data Package v1; frictionless reads and validates it.
"""

from __future__ import annotations

from typing import Any

from ckanext.govdata.interchange import table_schema
from ckanext.govdata.interchange.entry import Entry, File, Site, iso

TABULAR = frozenset({"csv", "xlsx"})
"""Formats whose rows a reader of Data Packages checks against the schema."""


def package(
    entry: Entry, site: Site, *, folder: str | None = None, formats: frozenset[str] | None = None
) -> dict[str, Any] | None:
    """The descriptor; None while nothing is published, because a package has at least one file.

    ``folder`` makes the paths relative (for the zip); ``formats`` leaves out the others.
    """
    if entry.release is None:
        return None
    schema = table_schema.of(entry)
    files = [
        file
        for file in entry.release.files
        if file.format != "schema" and (formats is None or file.format in formats)
    ]
    department = entry.department.title if entry.department else site.title
    return {
        "profile": "data-package",
        "name": entry.name,
        "id": f"{site.url}/dataset/{entry.id}",
        "title": entry.title,
        "description": entry.notes,
        "homepage": entry.url,
        "version": f"{entry.release.number}.0.0",
        "created": iso(entry.release.published),
        "keywords": list(entry.keywords),
        "licenses": [{"name": entry.licence.id, "title": entry.licence.zh, "path": entry.licence.url}],
        "sources": [{"title": department, "path": entry.url}],
        "contributors": [{"title": department, "role": "publisher"}],
        "resources": [_resource(entry, file, schema, folder) for file in files],
    }


def _resource(entry: Entry, file: File, schema: dict[str, Any] | None, folder: str | None) -> dict[str, Any]:
    tabular = file.format in TABULAR
    return {
        "name": f"{entry.name}-{file.format}",
        "title": file.filename,
        "path": file.release_url if folder is None else f"{folder}/{file.filename}",
        "format": file.format,
        "mediatype": file.media_type,
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "profile": "tabular-data-resource" if tabular else "data-resource",
        **({"encoding": "utf-8"} if file.format in {"csv", "json", "xml"} else {}),
        **({"schema": schema} if tabular and schema else {}),
    }
