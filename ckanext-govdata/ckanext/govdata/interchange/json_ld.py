"""JSON-LD that dataset pages carry: schema.org for search engines, Croissant for machine learning.

Sources: schema.org ``Dataset`` and ``DataCatalog``; Croissant format specification 1.0 (MLCommons).
"""

from __future__ import annotations

import json
from typing import Any

from ckanext.govdata.interchange import table_schema
from ckanext.govdata.interchange.entry import Entry, Site, iso

CROISSANT = "http://mlcommons.org/croissant/1.0"
_ALIASES = (
    "citeAs column conformsTo:dct excludes extract field fileProperty fileObject fileSet format includes "
    "isLiveDataset jsonPath key md5 parentField path recordSet references regex repeated replace separator "
    "source subField transform"
)
CONTEXT: dict[str, Any] = {
    "@language": "zh",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{
        name: f"{prefix or 'cr'}:{name}"
        for name, _, prefix in (word.partition(":") for word in _ALIASES.split())
    },
}
_TYPES = {
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
}


def schema_org(entry: Entry, site: Site) -> dict[str, Any]:
    """The entry as a schema.org ``Dataset``."""
    document = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": f"{site.url}/dataset/{entry.id}",
        "url": entry.url,
        "name": entry.title,
        "description": entry.notes or entry.title,
        "identifier": entry.elements.get("catalogue_code", entry.id),
        "keywords": list(entry.keywords),
        "inLanguage": entry.elements.get("language", "zh"),
        "license": entry.licence.url,
        "isAccessibleForFree": entry.is_open,
        "conditionsOfAccess": entry.elements.get("open_condition", ""),
        "datePublished": entry.issued,
        "dateModified": iso(entry.updated),
        "version": str(entry.release.number) if entry.release else "",
        "creator": _organisation(entry, site),
        "publisher": _organisation(entry, site),
        "includedInDataCatalog": {"@type": "DataCatalog", "name": site.title, "url": site.url},
        "variableMeasured": [
            {"@type": "PropertyValue", "name": field["name"], "description": field.get("description", "")}
            for field in (table_schema.of(entry) or {}).get("fields", [])
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": file.filename,
                "contentUrl": file.url,
                "encodingFormat": file.media_type,
                "contentSize": f"{file.size} B",
                "sha256": file.sha256,
            }
            for file in (entry.release.files if entry.release else ())
        ],
    }
    return {key: value for key, value in document.items() if value not in ("", [], None)}


def croissant(entry: Entry, site: Site) -> dict[str, Any] | None:
    """The current release as a Croissant dataset; None while nothing is published."""
    if entry.release is None:
        return None
    files = [file for file in entry.release.files if file.format != "schema"]
    table = next((file for file in files if file.format == "csv"), None)
    fields = (table_schema.of(entry) or {}).get("fields", [])
    document: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CROISSANT,
        "name": entry.title,
        "alternateName": entry.name,
        "description": entry.notes or entry.title,
        "url": entry.url,
        "license": entry.licence.url,
        "creator": _organisation(entry, site),
        "keywords": list(entry.keywords),
        "inLanguage": entry.elements.get("language", "zh"),
        "datePublished": iso(entry.release.published),
        "dateModified": iso(entry.updated),
        "version": f"{entry.release.number}.0.0",
        "isLiveDataset": entry.elements.get("update_cycle") != "irregular",
        "citeAs": f"{_organisation(entry, site)['name']}. {entry.title}. {entry.url}",
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": file.filename,
                "name": file.filename,
                "contentUrl": file.release_url,
                "contentSize": f"{file.size} B",
                "encodingFormat": file.media_type,
                "sha256": file.sha256,
            }
            for file in files
        ],
    }
    if table is not None and fields:
        document["recordSet"] = [
            {
                "@type": "cr:RecordSet",
                "@id": "records",
                "name": "records",
                "field": [_field(field, table.filename) for field in fields],
            }
        ]
    return document


def _field(field: dict[str, Any], filename: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"records/{field['name']}",
        "name": field["name"],
        "description": field.get("description") or field.get("title") or field["name"],
        "dataType": _TYPES.get(field["type"], "sc:Text"),
        "source": {"fileObject": {"@id": filename}, "extract": {"column": field["name"]}},
    }


def _organisation(entry: Entry, site: Site) -> dict[str, Any]:
    if entry.department is None:
        return {"@type": "Organization", "name": site.title, "url": site.url}
    return {
        "@type": "Organization",
        "name": entry.department.title,
        "url": f"{site.url}/organization/{entry.department.name}",
    }


def for_script(document: dict[str, Any]) -> str:
    """The text of a ``<script type="application/ld+json">``: nothing in it can end the element."""
    text = json.dumps(document, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
