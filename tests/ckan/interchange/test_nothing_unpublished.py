"""Private, staged, withdrawn, deleted: no form for machines tells of it, and each says 404 or 410 rightly."""

from __future__ import annotations

from typing import Any

import pytest

PLAIN = "区县,数量\n东城,120\n西城,80\n".encode()
FORMS = (".ttl", ".jsonld", ".xml", "/datapackage.json", "/policy.jsonld", "/croissant.json", "/openapi.json",
         "/citation.txt", "/package.zip")  # fmt: skip
LISTS = ("/catalog.ttl", "/data.json", "/feed/catalogue.atom", "/sitemap/datasets-1.xml")


def answers(site: Any, name: str) -> dict[str, int]:
    return {form: site.get(f"/dataset/{name}{form}").status_code for form in FORMS}


def listed(site: Any, name: str) -> set[str]:
    """The lists that name the entry; the catalogue is looked at from its end, where new entries stand."""
    found = set()
    for path in LISTS:
        text = site.get(path).text
        if path == "/catalog.ttl":
            last = int(text.partition("hydra:totalItems ")[2].split()[0])
            text = "".join(site.get(f"/catalog.ttl?page={n}").text for n in range(1, -(-last // 100) + 1))
        if f"/dataset/{name}" in text:
            found.add(path)
    return found


@pytest.mark.article("SX-22")
def test_a_private_entry_is_in_no_form_and_no_list(site: Any) -> None:
    name = site.entry("hidden", private=True)
    assert set(answers(site, name).values()) == {404}
    assert listed(site, name) == set()


@pytest.mark.article("SX-22")
def test_what_waits_for_publication_is_in_no_form(site: Any) -> None:
    name = site.entry("staged")
    site.approved(name, "统计.csv", PLAIN)
    assert answers(site, name)["/package.zip"] == 404
    text = "".join(site.get(f"/dataset/{name}{form}").text for form in FORMS)
    assert "统计.csv" not in text
    assert "releases/1" not in text
    assert listed(site, name) == set(LISTS)


@pytest.mark.article("SX-22")
def test_from_publication_to_deletion_every_form_says_what_holds_now(site: Any) -> None:
    name = site.entry("recalled")
    feed = site.get("/feed/catalogue.atom")
    release = site.published(name, "统计.csv", PLAIN)
    again = site.get("/feed/catalogue.atom", **{"If-None-Match": feed.headers["etag"]})
    assert again.status_code == 200
    assert f"/dataset/{name}" in again.text.partition("<entry>")[2].partition("</entry>")[0]
    before = {form: site.get(f"/dataset/{name}{form}") for form in FORMS}
    assert {answer.status_code for answer in before.values()} == {200}
    catalogue = site.get("/data.json").headers["etag"]

    site.call("compiler", "govdata_release_withdraw", id=release, reason="更正").ok()
    assert site.get(f"/dataset/{name}/package.zip").status_code == 410
    assert site.get(f"/dataset/{name}/datapackage.json").status_code == 404
    for form in (".ttl", ".jsonld", ".xml", "/openapi.json"):
        answer = site.get(f"/dataset/{name}{form}", **{"If-None-Match": before[form].headers["etag"]})
        assert answer.status_code == 200
        assert "latest/" not in answer.text
    assert site.get("/data.json", **{"If-None-Match": catalogue}).status_code == 200
    assert "已撤回" in site.get(f"/feed/dataset/{name}.atom").text

    site.call("sysadmin", "package_delete", id=name).ok()
    assert set(answers(site, name).values()) == {410}
    assert listed(site, name) == set()


def test_an_entry_that_never_had_data_is_absent_once_it_is_deleted(site: Any) -> None:
    name = site.entry("removed")
    site.call("sysadmin", "package_delete", id=name).ok()
    assert set(answers(site, name).values()) == {404}
