"""The Chinese of the interface: complete, up to date, and with the same placeholders as the English."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest

from ckanext.govdata.i18n import build

PLACEHOLDER = re.compile(r"%\(\w+\)[sdr]|%[sdri]|\{[\w!:.]*\}")


def test_every_string_that_the_portal_says_is_translated() -> None:
    assert [f"{file}:{line} {key[0]}" for file, line, key in build.missing()] == []


def test_the_portal_marks_its_strings() -> None:
    assert len({key[0] for _, _, key in build.wanted()}) > 200


@pytest.mark.parametrize("locale", build.LOCALES)
def test_the_committed_catalogue_is_built_from_its_sources(locale: str) -> None:
    built = {e.msgid: (e.msgstr, e.msgstr_plural) for e in build.catalogue(locale)}
    path = build.po(locale)
    for file, read in ((path, polib.pofile), (path.with_suffix(".mo"), polib.mofile)):
        kept = {e.msgid: (e.msgstr, e.msgstr_plural) for e in read(str(file))}
        assert kept == built, f"run python -m ckanext.govdata.i18n.build: {file} is stale"


def test_traditional_chinese_uses_traditional_characters() -> None:
    text = "".join(e.msgstr for e in build.catalogue(build.TRADITIONAL))
    assert "數據目錄" in text
    assert not set("数据录门发") & set(text)


def test_translations_keep_their_placeholders() -> None:
    broken = []
    for entry in build.merged():
        wanted = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural or ""))
        for text in [entry.msgstr] if entry.msgstr else entry.msgstr_plural.values():
            if set(PLACEHOLDER.findall(text)) != wanted:
                broken.append((entry.msgid, text))
    assert broken == []


@pytest.mark.parametrize("word", ["登陆", "登入", "登出", "编缉", "劝限", "资讯", "組", "机构不存在"])
def test_words_that_officials_would_not_write_are_gone(word: str) -> None:
    assert [e.msgid for e in build.merged() if word in e.msgstr] == []


def test_two_translations_of_one_string_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in (("a.po", "甲"), ("b.po", "乙")):
        catalogue = polib.POFile()
        catalogue.append(polib.POEntry(msgid="Same", msgstr=text))
        catalogue.save(str(tmp_path / name))
    monkeypatch.setattr(build, "SOURCES", tmp_path)
    with pytest.raises(build.CatalogueError, match="Same"):
        build.merged()
