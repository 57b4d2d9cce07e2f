"""Every form says what the picture says, for any words a department may write."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.govdata.interchange import (
    atom,
    data_json,
    datapackage,
    depends,
    json_ld,
    odrl,
    openapi,
    sitemap,
    table_schema,
    vocabularies,
)
from ckanext.govdata.interchange.entry import Entry, fingerprint
from ckanext.govdata.interchange.nightly import is_due
from tests.unit.portal.interchange.pictures import MOMENT, OPEN_LICENCE, SITE, entry, text


def parsed(document: str) -> ET.Element:
    return ET.fromstring(document)  # noqa: S314  our own document


@given(text, text)
def test_any_title_makes_a_feed_that_can_be_parsed(title: str, notes: str) -> None:
    post = atom.of_entry(entry(title=title, notes=notes))
    feed = atom.Feed(
        title, "https://d/f", "https://d/f?page=2", MOMENT, "甲", [post], "https://d/f?page=3&a=b"
    )
    root = parsed(atom.document(feed))
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{{{atom.ATOM}}}link")}
    assert links["next"] == "https://d/f?page=3&a=b"
    assert len(root.findall(f"{{{atom.ATOM}}}entry")) == 1


@given(text)
def test_any_title_survives_the_script_element(title: str) -> None:
    written = json_ld.for_script(json_ld.schema_org(entry(title=title), SITE))
    assert json.loads(written)["name"] == title
    assert "<" not in written


@given(text, text)
def test_equal_pictures_have_equal_fingerprints_and_others_do_not(one: str, other: str) -> None:
    assert (fingerprint(entry(title=one)) == fingerprint(entry(title=other))) is (one == other)
    assert fingerprint(entry(title=one)) == fingerprint(entry(title=one))


def test_a_fingerprint_takes_nothing_it_cannot_read() -> None:
    with pytest.raises(TypeError):
        fingerprint(object())


def test_data_json_leaves_out_what_is_empty_and_always_has_keywords() -> None:
    document = data_json.dataset(entry(keywords=(), published=False), SITE)
    assert document["keyword"] == ["交通运输"]
    assert "distribution" not in document
    assert document["accrualPeriodicity"] == "R/P1M"
    assert document["contactPoint"]["hasEmail"] == "mailto:data@example.cn"


@pytest.mark.article("SX-14")
@pytest.mark.parametrize(
    ("open_type", "permitted", "level"),
    [
        ("unconditional", True, "public"),
        ("conditional", True, "restricted public"),
        ("none", False, "non-public"),
    ],
)
def test_open_conditional_and_closed_differ(open_type: str, permitted: bool, level: str) -> None:
    picture = entry(elements={"open_type": open_type, "open_condition": "《保密法》第九条"})
    assert ("permission" in odrl.policy(picture, SITE)) is permitted
    assert data_json.dataset(picture, SITE)["accessLevel"] == level
    assert json_ld.schema_org(picture, SITE)["isAccessibleForFree"] is (open_type == "unconditional")
    assert vocabularies.open_type_of(vocabularies.access_right(open_type)) == open_type


def test_who_gave_up_every_right_asks_for_no_attribution() -> None:
    (permission,) = odrl.policy(entry(licence=OPEN_LICENCE), SITE)["permission"]
    assert permission["duty"] == []


def test_an_unknown_address_never_means_open() -> None:
    assert vocabularies.open_type_of("https://elsewhere.example/anything") == "conditional"
    assert vocabularies.open_type_of("") == "conditional"


@pytest.mark.parametrize(
    "cycle", ["realtime", "daily", "weekly", "monthly", "quarterly", "halfyearly", "yearly"]
)
def test_a_cycle_survives_the_way_there_and_back(cycle: str) -> None:
    assert vocabularies.cycle_of(vocabularies.frequency(cycle)) == cycle


def test_themes_come_back_as_they_went() -> None:
    for theme in vocabularies._THEME:
        assert vocabularies.theme_of(vocabularies.themes(theme)) == theme
    assert vocabularies.theme_of([]) == "government"


def test_without_a_release_the_dictionary_is_the_schema_and_there_is_no_package() -> None:
    waiting = entry(published=False)
    schema = table_schema.of(waiting)
    assert schema is not None
    assert [f["name"] for f in schema["fields"]] == ["停车场名称", "泊位数", "启用日期"]
    assert schema["fields"][0]["constraints"] == {"maxLength": 60}
    assert datapackage.package(waiting, SITE) is None
    assert json_ld.croissant(waiting, SITE) is None
    assert table_schema.of(entry(published=False, items=())) is None


def test_a_dataset_without_a_table_describes_no_rows() -> None:
    assert "/api/3/action/datastore_search" not in openapi.dataset(entry(published=False), SITE)["paths"]
    document = openapi.dataset(entry(), SITE)
    row = document["components"]["schemas"]["Row"]["properties"]
    assert row["泊位数"]["type"] == ["integer", "null"]


@given(st.integers(0, 400), st.integers(1, 60))
def test_the_pages_of_a_site_map_hold_every_address_once(count: int, per_page: int) -> None:
    pages = sitemap.pages_needed(count, per_page)
    assert pages * per_page >= count
    assert (pages - 1) * per_page < max(count, 1)


def test_addresses_are_escaped_and_days_are_optional() -> None:
    page = parsed("".join(sitemap.page([("https://d/?a=1&b=<2>", MOMENT), ("https://d/x", None)])))
    assert page[0][0].text == "https://d/?a=1&b=<2>"
    assert page[0][1].text == "2026-03-02T08:30:00Z"
    assert len(page[1]) == 1


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)), st.integers(0, 23))
def test_a_dump_is_due_once_a_night(when: datetime, hour: int) -> None:
    now = when.replace(tzinfo=timezone.utc)
    assert is_due(None, now, hour, "Asia/Shanghai")
    assert not is_due(now, now, hour, "Asia/Shanghai")
    assert not is_due(now, now + timedelta(seconds=1), hour, "Asia/Shanghai") or now.minute == 59
    hours = [is_due(now, now + timedelta(hours=n), hour, "Asia/Shanghai") for n in range(25)]
    assert any(hours)


def test_every_view_says_what_it_depends_on() -> None:
    from flask import Flask

    from ckanext.govdata.views.catalogue_documents import catalogue_documents
    from ckanext.govdata.views.dataset_documents import dataset_documents
    from ckanext.govdata.views.feeds import feeds
    from ckanext.govdata.views.whole_dataset import whole_dataset

    app = Flask("endpoints")
    for blueprint in (catalogue_documents, dataset_documents, feeds, whole_dataset):
        app.register_blueprint(blueprint)
    assert {rule.endpoint for rule in app.url_map.iter_rules()} - {"static"} == set(depends.VIEWS)


def test_the_picture_has_no_place_for_a_person() -> None:
    fields = set(Entry.__dataclass_fields__)
    assert not fields & {"author", "maintainer", "responsible_person", "creator_user_id"}
