"""What machines are told by the running portal: every form is valid, conditional and public."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import jsonschema
import pytest
import rdflib
from bs4 import BeautifulSoup
from frictionless import Package, Schema
from openapi_spec_validator import validate as validate_openapi

from ckanext.govdata.datastore_columns import column_ids
from ckanext.govdata.interchange import json_ld
from tests.stack import Stack

DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
DCT = rdflib.Namespace("http://purl.org/dc/terms/")
HYDRA = rdflib.Namespace("http://www.w3.org/ns/hydra/core#")
RDF_FORMS = {"ttl": "turtle", "jsonld": "json-ld", "xml": "xml"}
ATOM = "{http://www.w3.org/2005/Atom}"
MAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def reader(stack: Stack) -> httpx.Client:
    """Somebody without an account."""
    return stack.client()


@pytest.fixture(scope="module")
def names(stack: Stack) -> dict[str, str]:
    """One published entry and one without data."""
    published = [d["name"] for d in stack.datasets if d.get("state") == "published"]
    assert published, "the demonstration publishes at least one dataset"
    waiting = [d["name"] for d in stack.datasets if d.get("state") not in ("published", None)]
    return {"published": published[0], "waiting": waiting[0]}


def parsed(content: bytes) -> ET.Element:
    """A document of the portal under test."""
    return ET.fromstring(content)  # noqa: S314


def everything(reader: httpx.Client) -> list[dict[str, Any]]:
    """Every public entry, by the API."""
    found: list[dict[str, Any]] = []
    while True:
        asked = {"rows": 1000, "start": len(found), "sort": "metadata_created asc, id asc"}
        answer = reader.get("/api/3/action/package_search", params=asked).json()["result"]
        found += answer["results"]
        if len(found) >= answer["count"]:
            return found


@pytest.mark.article("JS-9")
def test_the_catalogue_by_its_pages_holds_every_public_entry_once(reader: httpx.Client) -> None:
    graph, seen, address = rdflib.Graph(), [], "/catalog.ttl"
    while address:
        page = rdflib.Graph().parse(data=reader.get(address).text, format="turtle")
        seen += [str(d) for d in page.subjects(rdflib.RDF.type, DCAT.Dataset)]
        graph += page
        address = next((str(n) for n in page.objects(None, HYDRA.next)), "")
    known = [f"{entry['id']}" for entry in everything(reader)]
    assert sorted(each.rpartition("/")[2] for each in seen) == sorted(known)
    assert {str(t) for t in graph.objects(None, HYDRA.totalItems)} == {str(len(known))}
    for entry in rdflib.Graph(graph.store).subjects(rdflib.RDF.type, DCAT.Dataset):
        assert graph.value(entry, DCT.title)
        assert graph.value(entry, DCT.publisher)


@pytest.mark.parametrize("ending", RDF_FORMS)
def test_the_three_notations_say_the_same(reader: httpx.Client, names: dict[str, str], ending: str) -> None:
    answer = reader.get(f"/dataset/{names['published']}.{ending}")
    graph = rdflib.Graph().parse(data=answer.text, format=RDF_FORMS[ending])
    turtle = rdflib.Graph().parse(data=reader.get(f"/dataset/{names['published']}.ttl").text, format="turtle")
    plain = {
        (s, p, o) for s, p, o in graph if not isinstance(s, rdflib.BNode) and not isinstance(o, rdflib.BNode)
    }
    assert plain == {
        (s, p, o) for s, p, o in turtle if not isinstance(s, rdflib.BNode) and not isinstance(o, rdflib.BNode)
    }
    assert len(graph) == len(turtle)


@pytest.mark.parametrize(
    "path", ["/catalog.ttl?page=0", "/catalog.ttl?page=x", "/catalog.ttl?modified_since=gestern"]
)
def test_a_page_that_cannot_be_is_refused(reader: httpx.Client, path: str) -> None:
    assert reader.get(path).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/catalog.ttl?page=99999",
        "/feed/catalogue.atom?page=999",
        "/sitemap/datasets-9.xml",
        "/catalog.pdf",
        "/feed/department/none.atom",
        "/dump/secrets",
    ],
)
def test_what_is_not_there_is_404(reader: httpx.Client, path: str) -> None:
    assert reader.get(path).status_code == 404


def test_an_empty_selection_is_an_empty_catalogue(reader: httpx.Client) -> None:
    answer = reader.get("/catalog.ttl", params={"theme": 'no"such'})
    graph = rdflib.Graph().parse(data=answer.text, format="turtle")
    assert answer.status_code == 200
    assert list(graph.subjects(rdflib.RDF.type, DCAT.Catalog))
    assert not list(graph.subjects(rdflib.RDF.type, DCAT.Dataset))
    assert parsed(reader.get("/feed/search.atom?q=zzqqxxjj").content).findall(f"{ATOM}entry") == []


REQUIRED = [
    "title", "description", "keyword", "modified", "publisher", "contactPoint", "identifier", "accessLevel",
]  # fmt: skip
CONDITIONAL = [
    "/catalog.ttl", "/data.json", "/openapi.json", "/sitemap.xml", "/sitemap/pages.xml",
    "/sitemap/datasets-1.xml", "/robots.txt", "/feed/catalogue.atom", "/feed/search.atom?q=停车",
    "/feed/department/{department}.atom",
    "/feed/dataset/{name}.atom", "/dataset/{name}.ttl", "/dataset/{name}/datapackage.json",
    "/dataset/{name}/tableschema.json", "/dataset/{name}/policy.jsonld", "/dataset/{name}/croissant.json",
    "/dataset/{name}/openapi.json", "/dataset/{name}/citation.bib", "/dataset/{name}/package.zip",
    "/.well-known/govdata-signing-key.pem", "/dump/index.json", "/dump/catalogue.csv",
]  # fmt: skip


@pytest.mark.parametrize("path", CONDITIONAL)
def test_who_has_it_already_is_told_so(reader: httpx.Client, names: dict[str, str], path: str) -> None:
    shown = reader.get("/api/3/action/package_show", params={"id": names["published"]}).json()["result"]
    path = path.format(name=names["published"], department=shown["organization"]["name"])
    first = httpx.get(str(reader.base_url).rstrip("/") + path, timeout=60)
    assert first.status_code == 200, first.text[:300]
    assert "set-cookie" not in first.headers
    assert first.headers["cache-control"] == "public, no-cache"
    assert "Cookie" not in first.headers.get("vary", "")
    again = reader.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert reader.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
    assert reader.head(path).status_code == 200
    if "last-modified" in first.headers:
        since = {"If-Modified-Since": first.headers["last-modified"]}
        assert reader.get(path, headers=since).status_code == 304


def test_data_json_lists_every_public_entry_as_dcat_us_wants_it(reader: httpx.Client) -> None:
    document = reader.get("/data.json").json()
    assert document["conformsTo"] == "https://project-open-data.cio.gov/v1.1/schema"
    assert {d["identifier"].rpartition("/")[2] for d in document["dataset"]} == {
        e["id"] for e in everything(reader)
    }
    text, texts = (
        {"type": "string", "minLength": 1},
        {"type": "array", "minItems": 1, "items": {"type": "string"}},
    )
    shape = {
        "required": REQUIRED,
        "properties": {
            "title": text, "description": text, "keyword": texts,
            "identifier": {"type": "string", "pattern": "^https?://"},
            "modified": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
            "publisher": {"required": ["name"]},
            "contactPoint": {"required": ["fn", "hasEmail"],
                             "properties": {"hasEmail": {"pattern": "^mailto:.+@.+"}}},
            "accessLevel": {"enum": ["public", "restricted public", "non-public"]},
            "accrualPeriodicity": {"pattern": r"^(R/P.+|irregular)$"},
            "distribution": {"type": "array", "minItems": 1, "items": {"anyOf": [
                {"required": ["downloadURL", "mediaType"]}, {"required": ["accessURL"]}]}},
        },
    }  # fmt: skip
    for dataset in document["dataset"]:
        jsonschema.validate(dataset, shape)


@pytest.mark.article("SX-15")
def test_the_data_package_is_valid_down_to_its_rows(stack: Stack, reader: httpx.Client) -> None:
    for name in [d["name"] for d in stack.datasets if d.get("state") == "published"][:3]:
        descriptor = reader.get(f"/dataset/{name}/datapackage.json").json()
        assert not Package.metadata_validate(descriptor) or not list(Package.metadata_validate(descriptor))
        table = next(r for r in descriptor["resources"] if r["format"] == "csv")
        report = Package({**descriptor, "resources": [table]}).validate()
        assert report.valid, report.flatten(["type", "fieldName"])
        schema = reader.get(f"/dataset/{name}/tableschema.json").json()
        assert schema == table["schema"]


def test_a_table_schema_is_promised_before_there_are_data(
    reader: httpx.Client, names: dict[str, str]
) -> None:
    name = names["waiting"]
    assert reader.get(f"/dataset/{name}/datapackage.json").status_code == 404
    assert reader.get(f"/dataset/{name}/croissant.json").status_code == 404
    assert reader.get(f"/dataset/{name}/package.zip").status_code in (404, 410)
    schema = reader.get(f"/dataset/{name}/tableschema.json").json()
    assert not list(Schema.metadata_validate(schema))
    shown = reader.get("/api/3/action/package_show", params={"id": name}).json()["result"]
    assert len(schema["fields"]) == len(shown["information_items"])


def test_openapi_describes_the_portal_and_every_path_of_it_answers(
    reader: httpx.Client, names: dict[str, str]
) -> None:
    document = reader.get("/openapi.json").json()
    validate_openapi(document)
    shown = reader.get("/api/3/action/package_show", params={"id": names["published"]}).json()["result"]
    table = next(r for r in shown["resources"] if r.get("datastore_active"))
    department = shown["organization"]["name"]
    for path, operations in document["paths"].items():
        operation = operations["get"]
        name = department if "department" in path else shown["name"]
        file = "SHA256SUMS" if path.startswith("/dump") else f"{shown['name']}.csv"
        values = {"name": name, "number": "1", "ending": "ttl", "kind": "bib", "file": file}
        query = {"id": department if "organization" in path else shown["name"], "resource_id": table["id"]}
        wanted = {p["name"] for p in operation.get("parameters", []) if p.get("in") == "query"}
        answer = reader.get(path.format(**values), params={k: v for k, v in query.items() if k in wanted})
        assert answer.status_code == 200, (path, answer.text[:200])
        assert str(answer.status_code) in operation["responses"]


def test_a_dataset_describes_its_rows_as_they_come(reader: httpx.Client, stack: Stack) -> None:
    for name in [d["name"] for d in stack.datasets if d.get("state") == "published"]:
        document = reader.get(f"/dataset/{name}/openapi.json").json()
        validate_openapi(document)
        query = document["paths"]["/api/3/action/datastore_search"]["get"]
        table = next(p["schema"]["const"] for p in query["parameters"] if p["name"] == "resource_id")
        rows = reader.get("/api/3/action/datastore_search", params={"resource_id": table, "limit": 50}).json()
        schema = {"$ref": "#/components/schemas/Answer", "components": document["components"]}
        jsonschema.validate(rows, schema)
        filters = next(p for p in query["parameters"] if p["name"] == "filters")
        listed = set(filters["content"]["application/json"]["schema"]["properties"])
        assert listed == {f["id"] for f in rows["result"]["fields"]} - {"_id"}
        assert listed == set(
            column_ids([f["name"] for f in reader.get(f"/dataset/{name}/tableschema.json").json()["fields"]])
        )


@pytest.mark.article("SX-14")
def test_a_policy_permits_forbids_and_asks_as_the_open_type_says(reader: httpx.Client) -> None:
    first: dict[str, str] = {}
    for entry in everything(reader):
        first.setdefault(entry["open_type"], entry["name"])
    assert set(first) == {"unconditional", "conditional", "none"}
    policies = {kind: reader.get(f"/dataset/{name}/policy.jsonld").json() for kind, name in first.items()}
    (free,) = policies["unconditional"]["permission"]
    assert {"use", "reproduce", "distribute", "derive"} <= set(free["action"])
    assert "attribute" in {duty["action"] for duty in free["duty"]}
    (asked,) = policies["conditional"]["permission"]
    assert "obtainConsent" in {duty["action"] for duty in asked["duty"]}
    assert "distribute" in {ban["action"] for ban in policies["conditional"]["prohibition"]}
    assert "permission" not in policies["none"]
    assert policies["none"]["prohibition"][0]["action"] == "use"


def test_croissant_names_files_and_columns(reader: httpx.Client, names: dict[str, str]) -> None:
    document = reader.get(f"/dataset/{names['published']}/croissant.json").json()
    assert document["conformsTo"] == "http://mlcommons.org/croissant/1.0"
    files = {file["@id"]: file for file in document["distribution"]}
    (records,) = document["recordSet"]
    assert {field["source"]["fileObject"]["@id"] for field in records["field"]} <= set(files)
    assert len({field["@id"] for field in records["field"]}) == len(records["field"])
    assert all(re.fullmatch("[0-9a-f]{64}", file["sha256"]) for file in files.values())
    expanded = rdflib.Graph().parse(data=json.dumps(document), format="json-ld")
    assert list(expanded.subjects(rdflib.RDF.type, rdflib.URIRef("http://mlcommons.org/croissant/Field")))


def test_the_site_map_names_every_public_page_with_its_day(reader: httpx.Client) -> None:
    index = parsed(reader.get("/sitemap.xml").content)
    pages = [node.findtext(f"{MAPS}loc") for node in index]
    found: dict[str, str | None] = {}
    for page in pages:
        for node in parsed(reader.get(page).content):
            found[node.findtext(f"{MAPS}loc")] = node.findtext(f"{MAPS}lastmod")
    for entry in everything(reader):
        assert found[f"{str(reader.base_url).rstrip('/')}/dataset/{entry['name']}"]
    assert f"Sitemap: {str(reader.base_url).rstrip('/')}/sitemap.xml" in reader.get("/robots.txt").text


def test_a_feed_pages_through_everything_newest_first(reader: httpx.Client) -> None:
    address, ids, days = "/feed/catalogue.atom", [], []
    while address:
        feed = parsed(reader.get(address).content)
        ids += [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
        days += [entry.findtext(f"{ATOM}updated") for entry in feed.findall(f"{ATOM}entry")]
        address = next((e.get("href") for e in feed.findall(f"{ATOM}link") if e.get("rel") == "next"), "")
    assert len(ids) == len(set(ids)) == len(everything(reader))
    assert days == sorted(days, reverse=True)


def test_a_dataset_feed_tells_its_releases(reader: httpx.Client, names: dict[str, str]) -> None:
    feed = parsed(reader.get(f"/feed/dataset/{names['published']}.atom").content)
    entries = feed.findall(f"{ATOM}entry")
    assert entries
    assert "第 1 次发布" in entries[-1].findtext(f"{ATOM}title")


def test_the_whole_dataset_is_one_zip_of_the_announced_length(
    reader: httpx.Client, names: dict[str, str]
) -> None:
    answer = reader.get(f"/dataset/{names['published']}/package.zip")
    assert len(answer.content) == int(answer.headers["content-length"])
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    descriptor = json.loads(
        archive.read(next(n for n in archive.namelist() if n.endswith("datapackage.json")))
    )
    assert {r["format"] for r in descriptor["resources"]} == {"csv", "xlsx", "json", "xml", "parquet"}
    small = reader.get(f"/dataset/{names['published']}/package.zip", params={"format": "csv"})
    assert len(small.content) < len(answer.content)
    assert reader.get(f"/dataset/{names['published']}/package.zip?format=exe").status_code == 404


def test_an_account_is_told_no_more_than_anybody(
    stack: Stack, reader: httpx.Client, names: dict[str, str]
) -> None:
    for path in ("/catalog.ttl", f"/dataset/{names['waiting']}.jsonld", "/sitemap/datasets-1.xml"):
        with stack.client("administrator") as officer:
            assert officer.get(path).headers["etag"] == reader.get(path).headers["etag"]


def test_a_dataset_page_leads_to_every_form(reader: httpx.Client, names: dict[str, str]) -> None:
    page = BeautifulSoup(reader.get(f"/dataset/{names['published']}").text, "html.parser")
    scripts = [json.loads(s.string) for s in page.select('script[type="application/ld+json"]')]
    assert [s["@type"] for s in scripts] == ["Dataset", "sc:Dataset"]
    assert scripts[0]["name"] == page.h1.text.strip()
    links = {
        a["href"] for a in page.select('link[rel="alternate"], .gd-side a, .gd-download__menu a, .gd-lang a')
    }
    forms = [link for link in links if re.search(r"\.(ttl|jsonld|json|xml|atom|bib|zip|pem)$", link)]
    assert len(forms) >= 12
    for form in forms:
        assert reader.head(form).status_code == 200, form


def test_a_page_without_data_offers_no_archive(reader: httpx.Client, names: dict[str, str]) -> None:
    page = BeautifulSoup(reader.get(f"/dataset/{names['waiting']}").text, "html.parser")
    assert len(page.select('script[type="application/ld+json"]')) == 1
    assert not page.select('a[href$="package.zip"]')


def test_a_title_cannot_end_the_script_that_holds_it() -> None:
    document = json_ld.for_script({"name": "</script><script>alert(1)//&"})
    assert "<" not in document
    assert json.loads(document)["name"] == "</script><script>alert(1)//&"
