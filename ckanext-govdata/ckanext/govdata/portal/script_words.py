"""The sentences of CKAN's own scripts in the reader's language, in the form that its Jed library reads.

CKAN builds these files for all its sixty languages by a command; asking the loaded catalogue is enough.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import ckan
import polib
from ckan.plugins import toolkit as tk


def sentences(locale: str) -> dict[str, Any]:
    """``{msgid: [plural msgid or None, translation, …]}`` with the header that Jed wants."""
    plural = "nplurals=1; plural=0;" if locale.startswith("zh") else "nplurals=2; plural=(n != 1);"
    answer: dict[str, Any] = {"": {"plural-forms": plural, "lang": locale, "domain": "ckan"}}
    for singular, plural_id in _marked_in_scripts():
        answer[singular] = (
            [plural_id, tk.ungettext(singular, plural_id, 2)] if plural_id else [None, tk._(singular)]
        )
    return answer


@cache
def _marked_in_scripts() -> tuple[tuple[str, str], ...]:
    template = Path(ckan.__file__).parent / "i18n" / "ckan.pot"
    return tuple(
        (entry.msgid, entry.msgid_plural)
        for entry in polib.pofile(str(template), encoding="utf-8")
        if any(file.endswith(".js") for file, _line in entry.occurrences)
    )
