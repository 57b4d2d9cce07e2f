"""DCAT-AP 3 by ckanext-dcat: a public picture in the words its profiles read, serialised with ours beside.

What DCAT-AP has a property for is said with that property, so that any reader of DCAT keeps it; the statutory
elements are said once more, exactly, by :mod:`ckanext.govdata.interchange.profile`.

Source: DCAT-AP 3.0.0 (SEMIC), Hydra core vocabulary (paging).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ckanext.dcat.processors import RDFSerializer
from rdflib import XSD, Graph, Literal, URIRef

from ckanext.govdata.interchange import vocabularies
from ckanext.govdata.interchange.entry import ELEMENTS, LISTS, Entry, Site, iso
from ckanext.govdata.interchange.profile import PICTURE

PROFILES = ["euro_dcat_ap_3", "govdata"]
FORMATS = {"ttl": "text/turtle", "jsonld": "application/ld+json", "xml": "application/rdf+xml"}
"""Ending of the address → media type."""
TABLE_SCHEMA = "https://datapackage.org/profiles/1.0/tableschema.json"
_MODIFIED = URIRef("http://purl.org/dc/terms/modified")
_DATASET = URIRef("http://www.w3.org/ns/dcat#dataset")
_WRITERS = {"ttl": "turtle", "jsonld": "json-ld", "xml": "xml"}
SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"


def dataset(entry: Entry, site: Site) -> dict[str, Any]:
    """The dictionary that ckanext-dcat's profiles serialise; our own profile reads ``PICTURE`` of it."""
    elements = entry.elements
    extras = {
        "uri": entry.origin or f"{site.url}/dataset/{entry.id}",
        "identifier": elements.get("catalogue_code") or entry.id,
        "alternate_identifier": [entry.id] if elements.get("catalogue_code") else [],
        "issued": entry.issued,
        "modified": iso(entry.updated),
        "frequency": vocabularies.frequency(elements.get("update_cycle", "")),
        "theme": vocabularies.themes(elements.get("theme", "")),
        "language": [vocabularies.LANGUAGES.get(elements.get("language", ""), vocabularies.LANGUAGES["zh"])],
        "access_rights": vocabularies.access_right(elements.get("open_type", "")),
        "provenance": elements.get("collection_basis", ""),
        "documentation": [entry.url, *([f"{entry.url}/datapackage.json"] if entry.release else [])],
        "version": str(entry.release.number) if entry.release else "",
    }
    if entry.department is not None:
        address = f"{site.url}/organization/{entry.department.name}"
        extras |= {
            "publisher_uri": address,
            "publisher_name": entry.department.title,
            "publisher_url": address,
            "publisher_identifier": entry.department.code,
            "contact_uri": f"{address}#contact",
            "contact_name": entry.department.title,
            "contact_email": site.email,
        }
    return {
        "id": entry.id,
        "name": entry.name,
        "title": entry.title,
        "notes": entry.notes,
        "url": entry.url,
        "type": "dataset",
        "tags": [{"name": keyword} for keyword in entry.keywords],
        **{key: value for key, value in extras.items() if value},
        "resources": [*_files(entry), *_links(entry)],
        PICTURE: {
            "name": entry.name,
            "elements": {key: elements[key] for key in ELEMENTS if key in elements},
            "lists": {key: list(entry.lists[key]) for key in LISTS if key in entry.lists},
            "items": entry.items,
            "licence_id": entry.licence.id,
            "licence_names": (entry.licence.zh, entry.licence.en),
            "licence_url": entry.licence.url,
            "department": entry.department,
            "policy": f"{entry.url}/policy.jsonld",
            "created": iso(entry.created),
        },
    }


def _files(entry: Entry) -> list[dict[str, Any]]:
    if entry.release is None:
        return []
    return [
        {
            "id": file.id,
            "package_id": entry.id,
            "uri": f"{entry.url}/resource/{file.id}",
            "name": file.filename,
            "url": file.url,
            "access_url": entry.url,
            "download_url": file.url,
            "format": "Table Schema" if file.format == "schema" else file.format.upper(),
            "mimetype": vocabularies.media_type(file.media_type),
            "size": file.size,
            "hash": file.sha256,
            "hash_algorithm": SHA256,
            "license": entry.licence.url,
            "issued": iso(entry.release.published),
            "modified": iso(entry.release.published),
            "rights": entry.elements.get("use_requirements", ""),
            **({"conforms_to": [TABLE_SCHEMA]} if file.format == "schema" else {}),
        }
        for file in entry.release.files
    ]


def _links(entry: Entry) -> list[dict[str, Any]]:
    return [
        {
            "id": link.id,
            "package_id": entry.id,
            "uri": f"{entry.url}/resource/{link.id}",
            "name": link.name,
            "url": link.url,
            "access_url": link.url,
            "format": link.format,
            "license": entry.licence.url,
        }
        for link in entry.links
    ]


def serialise_dataset(entry: Entry, site: Site, ending: str) -> str:
    """One entry as RDF; ``ending`` is one of :data:`FORMATS`."""
    serialiser = RDFSerializer(profiles=PROFILES)
    serialiser.graph_from_dataset(dataset(entry, site))
    return _written(serialiser.g, ending)


def serialise_catalogue(
    entries: Sequence[Entry], site: Site, ending: str, paging: dict[str, Any], modified: str
) -> str:
    """A page of the catalogue as RDF, with Hydra paging.

    ``paging``: ``count``, ``items_per_page`` and the addresses ``current first last next previous``.
    """
    serialiser = RDFSerializer(profiles=PROFILES)
    catalogue = {
        "title": site.title,
        "description": site.description or site.title,
        "homepage": site.url,
        "language": vocabularies.LANGUAGES["zh"],
        PICTURE: {"sponsor": site.sponsor or site.title, "url": site.url},
    }
    # Not serialize_catalog: it has a notation of its own for XML, and asks for an address that we know.
    reference = URIRef(site.url)
    for profile in serialiser._profiles:
        profile(serialiser.g).graph_from_catalog(catalogue, reference)
    # The profile takes the last change of the whole catalogue; what this page was drawn from is the page.
    serialiser.g.set((reference, _MODIFIED, Literal(modified, datatype=XSD.dateTime)))
    for entry in entries:
        node = serialiser.graph_from_dataset(dataset(entry, site))
        serialiser.g.add((reference, _DATASET, node))
    serialiser._add_pagination_triples(paging)
    return _written(serialiser.g, ending)


def triples(entries: Sequence[Entry], site: Site) -> bytes:
    """Entries as N-Triples in UTF-8: a form that can be cut and joined at any line."""
    serialiser = RDFSerializer(profiles=PROFILES)
    for entry in entries:
        serialiser.graph_from_dataset(dataset(entry, site))
    return serialiser.g.serialize(format="nt", encoding="utf-8")


def _written(graph: Graph, ending: str) -> str:
    if ending != "jsonld":
        return str(graph.serialize(format=_WRITERS[ending]))
    text = graph.serialize(format="json-ld", auto_compact=True)
    return json.dumps(json.loads(text), ensure_ascii=False, indent=1)
