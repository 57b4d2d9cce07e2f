"""Sentences for people, in Chinese and English, and the choice between them."""

from __future__ import annotations

import os
from typing import NamedTuple


class Message(NamedTuple):
    """One sentence in both languages of the portal."""

    zh: str
    en: str

    def within(self, lang: str) -> str:
        """The sentence in ``lang`` (``zh`` or ``en``)."""
        return self.zh if lang == "zh" else self.en


def language(wanted: str | None = None) -> str:
    """``zh`` or ``en``: what was asked for, else what LC_ALL, LC_MESSAGES or LANG says, else Chinese.

    A locale that names no human language (``C``, ``POSIX``) says nothing about its reader.
    """
    if wanted in ("zh", "en"):
        return wanted
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "").split(".")[0].lower()
        if value.startswith("zh"):
            return "zh"
        if value and value not in ("c", "posix"):
            return "en"
    return "zh"
