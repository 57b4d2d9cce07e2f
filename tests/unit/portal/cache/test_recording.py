"""What a page depends on is read from what it reads."""

from __future__ import annotations

import pytest

from ckanext.govdata.cache import scopes
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
