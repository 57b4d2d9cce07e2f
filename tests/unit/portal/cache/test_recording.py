"""What a page depends on is read from what it reads."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from ckanext.govdata.cache import recording, scopes
from ckanext.govdata.cache.recording import Recording, tables_of


@pytest.mark.parametrize(
    ("statement", "tables"),
    [
        ("SELECT 1", set()),
        ("SELECT a FROM package WHERE id = 1", {"package"}),
        ('SELECT g.title FROM "group" AS g JOIN member ON true', {"group", "member"}),
        ("SELECT x FROM (SELECT count(*) AS x FROM govdata_release) AS anon_1", {"govdata_release"}),
        ("WITH newest AS (SELECT id FROM package) SELECT * FROM newest", {"package"}),
        ("SELECT * FROM public.resource LEFT OUTER JOIN tag ON true", {"resource", "tag"}),
        ("SELECT * FROM generate_series(1, 3)", set()),
        ("SELECT relname FROM pg_class JOIN pg_catalog.pg_type ON true", set()),
    ],
)
def test_the_tables_of_a_statement_are_found(statement: str, tables: set[str]) -> None:
    assert tables_of(statement) == tables


def test_a_page_that_names_no_entry_depends_on_the_whole_catalogue() -> None:
    assert Recording(tables={"package"}).depends_on() == (scopes.CATALOGUE, scopes.SITE)


def test_a_page_of_one_entry_does_not_depend_on_the_others() -> None:
    page = Recording(scopes={scopes.dataset("x")}, tables={"package", "resource", "govdata_release"})
    assert page.depends_on() == ("dataset:x", scopes.SITE)


def test_a_table_that_nothing_watches_makes_a_page_unfit() -> None:
    assert Recording(tables={"package", "govdata_votes"}).unwatched() == {"govdata_votes"}


def test_every_table_that_explains_or_adds_a_scope_is_watched() -> None:
    assert scopes.READ_SCOPES.keys() <= scopes.TRIGGERED.keys()
    assert scopes.TRIGGERED.keys() >= scopes.ENTRY_TABLES


def test_whatever_changes_an_entry_or_a_list_changes_the_catalogue_too() -> None:
    """So a page of the catalogue need not name the entries that it shows."""
    for table, (_, expressions) in scopes.TRIGGERED.items():
        narrow = [text for text in expressions if "'dataset:'" in text or "'of:'" in text]
        whole = [text for text in expressions if "'catalogue'" in text]
        for text in narrow:
            condition = text.partition(" THEN ")[0] if text.startswith("CASE") else ""
            assert any(one.startswith(condition) for one in whole), f"{table}: {text}"


def test_a_page_of_the_catalogue_depends_on_it_alone() -> None:
    page = Recording(scopes={scopes.CATALOGUE, scopes.dataset("x"), scopes.entries_of("y"), scopes.USERS})
    assert page.depends_on() == (scopes.CATALOGUE, scopes.SITE, scopes.USERS)


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "医院", "fq": 'owner_org:"a"'},
        {"fq": '-organization:"a"'},
        {"fq": 'organization:"a" OR organization:"b"'},
        {"fq": 'organization:("a" "b")'},
        {"fq": '+theme:"x"', "fq_list": ['organization:"a" OR theme:"y"']},
        {"fq": 'NOT organization:"a"'},
        {"fq": '+theme:"x" -organization:"a"'},
        {"fq": 'theme:"x" +-organization:"a"'},
        {},
    ],
)
def test_a_search_that_may_show_other_departments_depends_on_the_catalogue(asked: dict[str, object]) -> None:
    page = recording.start()
    recording.searched(asked)
    recording.stop()
    assert page.depends_on() == (scopes.CATALOGUE, scopes.SITE)


@pytest.mark.parametrize(
    "asked",
    [
        {"fq": ' owner_org:"a"'},
        {"q": "*:*", "fq": 'organization:"a" -id:"x"'},
        {"fq": '+theme:"x" +owner_org:"a" +capacity:public +state:(active)'},
        {"fq": 'theme:"x" OR theme:"y"', "fq_list": ['+organization:"a"']},
    ],
)
def test_a_search_in_one_department_depends_on_its_list(
    asked: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording.model.Group, "get", lambda _name: SimpleNamespace(id="a"))
    assert scopes_of(lambda: recording.searched(asked)) == ("of:a", scopes.SITE)


def test_a_page_with_running_numbers_ends_with_its_slice_of_the_clock() -> None:
    page = recording.start()
    before = time.time()
    recording.lasts(30)
    recording.lasts(3600)
    recording.stop()
    assert before < page.until <= time.time() + 30
    recording.lasts(1)  # nobody makes a page here


class Index:
    """A search server's answer, and what it was asked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *entries: dict[str, str]) -> None:
        self.docs = list(entries)
        monkeypatch.setattr(recording, "_plain_search", lambda *_rest, **_given: self)
        monkeypatch.setattr(recording, "_plain_alike", lambda *_rest, **_given: self)


def scopes_of(ask: Callable[[], object]) -> tuple[str, ...]:
    page = recording.start()
    ask()
    recording.stop()
    return page.depends_on()


def test_a_search_that_no_action_of_ckan_makes_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    Index(monkeypatch, {"id": "a"})
    whole = (scopes.CATALOGUE, scopes.SITE)
    assert scopes_of(lambda: recording._search(None, "*:*")) == whole
    assert scopes_of(lambda: recording._search(None, "停车", fq=["+state:active"])) == whole
    assert scopes_of(lambda: recording._alike(None, "id:a", "title")) == whole


def test_an_entry_that_is_looked_up_in_the_index_is_all_that_the_page_depends_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Index(monkeypatch, {"id": "a"})
    looked_up = 'name:"lots" OR id:"lots"'
    assert scopes_of(lambda: recording._search(None, q=looked_up)) == ("dataset:a", scopes.SITE)
    assert scopes_of(lambda: recording._search(None, q='name:"lots" OR id:"other"'))[0] == scopes.CATALOGUE
    Index(monkeypatch)
    assert scopes_of(lambda: recording._search(None, q=looked_up)) == (scopes.CATALOGUE, scopes.SITE)
