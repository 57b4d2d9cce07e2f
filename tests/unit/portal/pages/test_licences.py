"""Licences and ages as the pages print them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from ckanext.govdata.portal import current, licences


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a request there is no language: the sentences come back as they are written."""
    monkeypatch.setattr(licences.tk, "_", lambda text: text)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ({"license_id": "cc-by", "open_type": "unconditional"}, "CC BY"),
        ({"license_id": "", "open_type": "unconditional"}, "Free use"),
        ({"license_id": "notspecified"}, "Free use"),
        ({"license_id": "other-closed", "open_type": "conditional"}, "on condition"),
        ({"license_id": "", "open_type": "conditional"}, "on condition"),
        ({"license_id": "cc-by", "open_type": "none"}, "Not open"),
        ({"license_id": "own", "license_title": "Own terms", "open_type": "unconditional"}, "Own terms"),
    ],
)
def test_a_licence_is_named_by_its_id_and_the_open_type(entry: dict[str, str], said: str) -> None:
    assert said in licences.title(entry)


def test_the_title_that_the_index_keeps_in_another_language_is_not_shown() -> None:
    entry = {"license_id": "cc-by", "license_title": "知识共享署名", "open_type": "unconditional"}
    assert "知识共享" not in licences.title(entry)


def test_data_of_today_is_no_day_old_whatever_the_clock_says() -> None:
    assert current.age(datetime(2026, 3, 14, 23, 59), date(2026, 3, 14)) == 0
    assert current.age(datetime(2026, 3, 15, 0, 1), date(2026, 3, 14)) == 0
    assert current.age(datetime(2026, 2, 1), date(2026, 3, 14)) == 41
