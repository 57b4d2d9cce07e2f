"""The language of messages."""

from __future__ import annotations

import pytest

from ckanext.govdata.embedded.messages import Message, language


@pytest.fixture(autouse=True)
def no_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("zh_CN.UTF-8", "zh"),
        ("en_US.UTF-8", "en"),
        ("de_DE", "en"),
        ("C.UTF-8", "zh"),
        ("POSIX", "zh"),
        ("", "zh"),
    ],
)
def test_the_locale_decides_and_chinese_is_the_default(
    monkeypatch: pytest.MonkeyPatch, locale: str, expected: str
) -> None:
    monkeypatch.setenv("LANG", locale)
    assert language() == expected


def test_what_is_asked_for_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert language("en") == "en"


def test_a_message_speaks_both() -> None:
    assert [Message("是", "yes").within(lang) for lang in ("zh", "en")] == ["是", "yes"]
