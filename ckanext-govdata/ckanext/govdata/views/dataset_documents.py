"""Per dataset: DCAT-AP, Data Package, Table Schema, policy, Croissant, OpenAPI, citation.

``/dataset/<name>.<ttl|jsonld|xml>`` and ``/dataset/<name>/<document>``. Articles: SX-15, JS-9.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from ckan.plugins import toolkit as tk
from flask import Blueprint, Response

from ckanext.govdata.interchange import datapackage, dcat, gather, json_ld, odrl, openapi, table_schema
from ckanext.govdata.interchange.entry import Entry, Site, fingerprint
from ckanext.govdata.portal import citation
from ckanext.govdata.views.documents import JSON, JSON_LD, answer, as_json, found, unpublished

dataset_documents = Blueprint("govdata_dataset_documents", __name__)

CITATIONS = {
    "txt": "text/plain",
    "bib": "application/x-bibtex",
    "json": "application/vnd.citationstyles.csl+json",
}


@dataset_documents.get("/dataset/<name>.<any(ttl, jsonld, xml):ending>")
def dcat_document(name: str, ending: str) -> Response:
    """The entry as DCAT-AP 3 with the statutory elements."""
    entry = found(name)
    if isinstance(entry, Response):
        return entry
    site = gather.site()
    return answer(
        lambda: dcat.serialise_dataset(entry, site, ending),
        dcat.FORMATS[ending],
        fingerprint("dcat", ending, entry, site),
        entry.updated,
    )


def _document(name: str, draw: Callable[[Entry, Site], dict[str, Any] | None], media_type: str) -> Response:
    entry = found(name)
    if isinstance(entry, Response):
        return entry
    site = gather.site()
    document = draw(entry, site)
    if document is None:
        return unpublished()
    return answer(lambda: as_json(document), media_type, fingerprint(document), entry.updated)


@dataset_documents.get("/dataset/<name>/datapackage.json")
def datapackage_json(name: str) -> Response:
    """The current release as a Data Package."""
    return _document(name, datapackage.package, JSON)


@dataset_documents.get("/dataset/<name>/tableschema.json")
def tableschema_json(name: str) -> Response:
    """The columns as a Table Schema: as published, or as the data dictionary promises."""
    return _document(name, lambda entry, _site: table_schema.of(entry), JSON)


@dataset_documents.get("/dataset/<name>/policy.jsonld")
def policy_jsonld(name: str) -> Response:
    """What may be done with the data, in ODRL."""
    return _document(name, odrl.policy, JSON_LD)


@dataset_documents.get("/dataset/<name>/croissant.json")
def croissant_json(name: str) -> Response:
    """The current release for machine learning."""
    return _document(name, json_ld.croissant, JSON_LD)


@dataset_documents.get("/dataset/<name>/openapi.json")
def openapi_json(name: str) -> Response:
    """The dataset's own interface, with its columns."""
    return _document(name, openapi.dataset, JSON)


@dataset_documents.get("/dataset/<name>/citation.<any(txt, bib, json):kind>")
def citation_file(name: str, kind: str) -> Response:
    """How to cite the dataset today: GB/T 7714—2015, BibTeX or CSL-JSON."""
    entry = found(name)
    if isinstance(entry, Response):
        return entry
    today = datetime.now(tk.h.get_display_timezone()).date()
    cited = cited_as(entry)

    def draw() -> str:
        if kind == "bib":
            return citation.bibtex(cited, entry.url, today)
        if kind == "json":
            return as_json(citation.csl(cited, entry.url, today))
        return citation.gbt7714(cited, entry.url, today) + "\n"

    return answer(draw, CITATIONS[kind], fingerprint(kind, cited, entry.url, today.isoformat()))


def cited_as(entry: Entry) -> dict[str, Any]:
    """The entry as :mod:`ckanext.govdata.portal.citation` takes it."""
    return {
        "name": entry.name,
        "title": entry.title,
        "organization": {"title": entry.department.title if entry.department else ""},
        "publish_date": entry.issued,
        "version": str(entry.release.number) if entry.release else "",
    }
