"""The reference page says what the tables say."""

from __future__ import annotations

from tests.factories.case_pages import MARK, PAGE, TABLES, TITLES, body


def test_the_page_is_that_of_the_tables() -> None:
    page = PAGE.read_text("utf-8")
    assert page.count(MARK) == 1
    assert page.partition(MARK)[2].strip() == body().strip()


def test_every_lifecycle_has_its_heading() -> None:
    page = PAGE.read_text("utf-8")
    for lifecycle, _names in TABLES:
        assert f"{TITLES[lifecycle.name][1]} (`{lifecycle.name}`)" in page
