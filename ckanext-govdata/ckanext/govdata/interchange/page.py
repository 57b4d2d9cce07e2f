"""What a dataset page shows of its machine-readable forms: links, JSON-LD, the archive and its size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from ckanext.govdata.interchange import bundle, gather, json_ld, signing, table_schema
from ckanext.govdata.interchange.entry import Entry, File, Site

_FORMS = (
    ("DCAT-AP · Turtle", ".ttl", "text/turtle"),
    ("DCAT-AP · JSON-LD", ".jsonld", "application/ld+json"),
    ("DCAT-AP · RDF/XML", ".xml", "application/rdf+xml"),
)


@dataclass(frozen=True, slots=True)
class Form:
    """A document about the dataset: what it is called, where it is, what it is."""

    name: str
    address: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Machine:
    """For the page: ``scripts`` are the texts of JSON-LD elements, ``archive_size`` is in bytes."""

    forms: list[Form]
    feed: str
    scripts: list[Markup]
    archive: str
    archive_size: int


def of(package: dict[str, Any]) -> Machine | None:
    """The forms of a package dictionary; None for what is not public."""
    if package.get("private") or package.get("state") != "active":
        return None
    entry, site = gather.entries([package])[0], gather.site()
    documents = [json_ld.schema_org(entry, site), json_ld.croissant(entry, site)]
    size = archive_size(entry, site)
    return Machine(
        forms=_forms(entry),
        feed=f"{site.url}/feed/dataset/{entry.name}.atom",
        # Escaped for a script element by for_script; escaping it again would break the JSON.
        scripts=[Markup(json_ld.for_script(document)) for document in documents if document],  # noqa: S704
        archive=f"{entry.url}/package.zip" if size else "",
        archive_size=size,
    )


def _forms(entry: Entry) -> list[Form]:
    forms = [Form(name, entry.url + ending, media_type) for name, ending, media_type in _FORMS]
    if entry.release is not None:
        forms.append(Form("Data Package", f"{entry.url}/datapackage.json", "application/json"))
        forms.append(Form("Croissant", f"{entry.url}/croissant.json", "application/ld+json"))
    if table_schema.of(entry) is not None:
        forms.append(Form("Table Schema", f"{entry.url}/tableschema.json", "application/json"))
    forms.append(Form("ODRL", f"{entry.url}/policy.jsonld", "application/ld+json"))
    forms.append(Form("OpenAPI", f"{entry.url}/openapi.json", "application/json"))
    return forms


def archive_size(entry: Entry, site: Site) -> int:
    """Bytes of the whole dataset's zip; 0 while there is none."""

    def unread(_file: File) -> tuple[bytes, ...]:
        raise AssertionError("the size needs no content")

    try:
        return bundle.make(entry, site, signing.keys()[0], unread, None).size
    except (LookupError, signing.SigningKeyInvalid):
        return 0
