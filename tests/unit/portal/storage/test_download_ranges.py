"""Which bytes a download answers with, by RFC 9110."""

from __future__ import annotations

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from ckanext.govdata.release.artifacts import Artifact
from ckanext.govdata.views.download import Window, content_disposition, window_of

SHA = "ab" * 32
FILE = Artifact("csv", "停车场.csv", "releases/x/data.csv", 1000, SHA, 10)


def _window(**headers: str) -> Window | None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return window_of(Request(EnvironBuilder(headers=named).get_environ()), FILE)


WHOLE = Window(0, 1000, partial=False)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("bytes=0-9", Window(0, 10, partial=True)),
        ("bytes=990-", Window(990, 10, partial=True)),
        ("bytes=-5", Window(995, 5, partial=True)),
        ("bytes=0-99999", Window(0, 1000, partial=True)),
        ("bytes=1000-", None),
        ("bytes=5000-6000", None),
        ("bytes=0-9,20-29", WHOLE),
        ("lines=1-2", WHOLE),
        ("nonsense", WHOLE),
        ("bytes=9-3", WHOLE),
    ],
)
def test_a_range_is_answered_as_asked_or_whole(asked: str, expected: Window | None) -> None:
    assert _window(Range=asked) == expected


def test_without_a_range_the_whole_file_is_sent() -> None:
    assert _window() == WHOLE


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (f'"{SHA}"', Window(500, 500, partial=True)),
        (f'W/"{SHA}"', WHOLE),
        ('"another version"', WHOLE),
        ("Wed, 21 Oct 2026 07:28:00 GMT", WHOLE),
    ],
)
def test_a_download_goes_on_only_in_the_same_version(condition: str, expected: Window) -> None:
    assert _window(Range="bytes=500-", If_Range=condition) == expected


def test_the_file_is_saved_under_its_chinese_name() -> None:
    assert content_disposition("停车场.csv") == (
        "attachment; filename=\"___.csv\"; filename*=UTF-8''%E5%81%9C%E8%BD%A6%E5%9C%BA.csv"
    )


def test_a_name_cannot_break_out_of_the_header() -> None:
    value = content_disposition('a"\r\nSet-Cookie: x=1;.csv')
    assert "\r" not in value
    assert "\n" not in value
    assert value.count('"') == 2
