"""``/data.json``: the whole catalogue as DCAT-US 1.1 lists it.

Source: Project Open Data Metadata Schema v1.1. Its fields for United States agencies (bureau and programme
codes) have no meaning here and are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ckanext.govdata.catalogue import codes
from ckanext.govdata.interchange import vocabularies
from ckanext.govdata.interchange.entry import Entry, Site, iso

SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"
_LEVEL = {"unconditional": "public", "conditional": "restricted public", "none": "non-public"}


def catalogue(entries: Iterable[Entry], site: Site) -> dict[str, Any]:
    """The document; ``dataset`` holds every entry of ``entries`` in their order."""
    return {
        "@context": f"{SCHEMA}/catalog.jsonld",
        "@id": f"{site.url}/data.json",
        "@type": "dcat:Catalog",
        "conformsTo": SCHEMA,
        "describedBy": f"{SCHEMA}/catalog.json",
        "dataset": [dataset(entry, site) for entry in entries],
    }


def dataset(entry: Entry, site: Site) -> dict[str, Any]:
    """One entry; empty fields are left out, as the schema asks."""
    open_type = entry.elements.get("open_type", "")
    document = {
        "@type": "dcat:Dataset",
        "title": entry.title,
        "description": entry.notes or entry.title,
        "keyword": list(entry.keywords) or [_label("theme", entry.elements.get("theme", "")) or entry.title],
        "modified": iso(entry.updated),
        "issued": entry.issued,
        "publisher": {
            "@type": "org:Organization",
            "name": entry.department.title if entry.department else site.title,
        },
        "contactPoint": _contact(entry, site),
        "identifier": f"{site.url}/dataset/{entry.id}",
        "accessLevel": _LEVEL.get(open_type, "non-public"),
        "rights": "" if entry.is_open else entry.elements.get("open_condition", ""),
        "license": entry.licence.url,
        "accrualPeriodicity": vocabularies.interval(entry.elements.get("update_cycle", "")),
        "landingPage": entry.url,
        "language": [entry.elements.get("language", "zh")],
        "theme": [_label("theme", entry.elements["theme"])] if "theme" in entry.elements else [],
        "describedBy": f"{entry.url}/tableschema.json" if entry.items or entry.release else "",
        "describedByType": "application/json" if entry.items or entry.release else "",
        "distribution": _distributions(entry),
    }
    return {key: value for key, value in document.items() if value}


def _contact(entry: Entry, site: Site) -> dict[str, str]:
    contact = {"@type": "vcard:Contact", "fn": entry.department.title if entry.department else site.title}
    return contact | ({"hasEmail": f"mailto:{site.email}"} if site.email else {})


def _distributions(entry: Entry) -> list[dict[str, Any]]:
    files = entry.release.files if entry.release else ()
    return [
        {
            "@type": "dcat:Distribution",
            "title": file.filename,
            "format": "Table Schema" if file.format == "schema" else file.format.upper(),
            "mediaType": file.media_type,
            "downloadURL": file.url,
            "describedBy": f"{entry.url}/tableschema.json",
            "describedByType": "application/json",
        }
        for file in files
    ] + [
        {"@type": "dcat:Distribution", "title": link.name or link.url, "accessURL": link.url}
        for link in entry.links
    ]


def _label(name: str, value: str) -> str:
    return next((code.zh for code in codes.code_list(name) if code.value == value), "")
