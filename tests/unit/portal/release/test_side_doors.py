"""CKAN's own ways of offering a file are told from harmless edits (SX-15)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from ckanext.govdata.logic.auth import _changes_what_is_offered as changes

URL = "http://portal/dataset/d/latest/d.csv"


def entry() -> Any:
    # A stand-in, because CKAN's resource cannot be made without a configured CKAN.
    return SimpleNamespace(
        resources=[SimpleNamespace(id="r1", url=URL, hash="sha256:ab", url_type=None, extras={})]
    )


def offered(**more: Any) -> dict[str, Any]:
    return {
        "id": "r1",
        "url": "http://portal/dataset/d/latest/d.csv",
        "hash": "sha256:ab",
        "url_type": None,
        **more,
    }


def test_editing_the_entry_alone_is_harmless() -> None:
    assert not changes(entry(), {"title": "新标题"})
    assert not changes(entry(), {"title": "新标题", "resources": [offered(description="说明")]})


@pytest.mark.article("SX-15")
@pytest.mark.article("SX-22")
@pytest.mark.parametrize(
    "resources",
    [
        [],
        [offered(), {"url": "http://elsewhere/raw.csv"}],
        [offered(url="http://elsewhere/raw.csv")],
        [offered(url_type="upload")],
        [offered(hash="sha256:cd")],
        [offered(upload=object())],
        [offered(clear_upload="true")],
        [{"id": "r2", "url": URL}],
        ["r1"],
        {"0": offered()},
    ],
)
def test_whatever_changes_what_is_offered_is_found(resources: Any) -> None:
    assert changes(entry(), {"resources": resources})


def test_a_new_entry_comes_without_files() -> None:
    assert changes(None, {"resources": [{"url": "http://elsewhere/raw.csv"}]})
    assert not changes(None, {"resources": []})
    assert not changes(None, {"title": "新条目"})
