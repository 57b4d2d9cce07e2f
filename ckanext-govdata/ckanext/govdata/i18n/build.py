"""Builds the catalogues ``<locale>/LC_MESSAGES/ckanext-govdata.{po,mo}`` out of the files in ``sources/``.

    python -m ckanext.govdata.i18n.build            write zh_Hans_CN and zh_Hant_TW
    python -m ckanext.govdata.i18n.build --missing  print a .po skeleton of what nobody has translated yet

The msgids are English. ``core.po`` holds CKAN's own strings that CKAN leaves in English or says otherwise
than the regulations do; CKAN merges the catalogues in order with the plugins last, so that ours win.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import ckan
import polib
from babel.messages.extract import extract_from_dir

HERE = Path(__file__).parent
PACKAGE = HERE.parent
SOURCES = HERE / "sources"
LOCALE = "zh_Hans_CN"
DOMAIN = "ckanext-govdata"
TRADITIONAL = "zh_Hant_TW"
"""Converted from the simplified text, character by character and word by word."""
LOCALES = (LOCALE, TRADITIONAL)

Key = tuple[str, str | None]
"""(singular, plural or None)."""

_METHODS = [
    ("templates/**.html", "ckan.lib.extract:extract_ckan"),
    ("**.py", "python"),
]


class CatalogueError(ValueError):
    """Two sources translate one string differently, or a translation lacks a placeholder."""


def sources() -> list[Path]:
    """The files that people edit, in the order of their names."""
    return sorted(SOURCES.glob("*.po"))


def merged() -> polib.POFile:
    """All sources as one catalogue, sorted by msgid.

    Raises CatalogueError when one msgid has two translations.
    """
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Project-Id-Version": "govdata",
        "Language": LOCALE,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    seen: dict[str, tuple[polib.POEntry, Path]] = {}
    for path in sources():
        for entry in polib.pofile(str(path), encoding="utf-8", wrapwidth=0):
            if entry.obsolete or "fuzzy" in entry.flags or not translated(entry):
                continue
            if entry.msgid in seen:
                first, where = seen[entry.msgid]
                if _texts(first) != _texts(entry):
                    raise CatalogueError(f"{entry.msgid!r} differs between {where.name} and {path.name}")
                if entry.msgid_plural and not first.msgid_plural:
                    seen[entry.msgid] = (entry, path)
                continue
            seen[entry.msgid] = (entry, path)
    for _, (entry, _path) in sorted(seen.items()):
        catalogue.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgid_plural=entry.msgid_plural,
                msgstr=entry.msgstr,
                msgstr_plural=entry.msgstr_plural,
            )
        )
    return catalogue


def translated(entry: polib.POEntry) -> bool:
    """Whether the entry says anything in the other language."""
    return bool(entry.msgstr or (entry.msgstr_plural and all(entry.msgstr_plural.values())))


def _texts(entry: polib.POEntry) -> set[str]:
    return {entry.msgstr} if entry.msgstr else set(entry.msgstr_plural.values())


def po(locale: str) -> Path:
    """The catalogue of ``locale`` for people to read; the one for gettext lies beside it as ``.mo``."""
    return HERE / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def catalogue(locale: str) -> polib.POFile:
    """The catalogue of one of :data:`LOCALES`.

    Raises ImportError for traditional characters when ``opencc`` is not installed (it is a test requirement:
    what it makes is committed).
    """
    made = merged()
    if locale == TRADITIONAL:
        from opencc import OpenCC

        convert = OpenCC("s2tw").convert
        made.metadata["Language"] = locale
        for entry in made:
            entry.msgstr = convert(entry.msgstr)
            entry.msgstr_plural = {n: convert(text) for n, text in entry.msgstr_plural.items()}
    return made


def write() -> None:
    """Write every catalogue, for people to read and for gettext to load."""
    for locale in LOCALES:
        made = catalogue(locale)
        po(locale).parent.mkdir(parents=True, exist_ok=True)
        made.save(str(po(locale)))
        made.save_as_mofile(str(po(locale).with_suffix(".mo")))


def wanted() -> Iterator[tuple[str, int, Key]]:
    """(file, line, key) of every string that templates and modules of the portal mark for translation."""
    found = extract_from_dir(str(PACKAGE), _METHODS, keywords=_KEYWORDS)
    for file, line, message, _comments, _context in found:
        if isinstance(message, tuple):
            yield file, line, (message[0], message[1])
        elif message:
            yield file, line, (message, None)


_KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "ungettext": (1, 2),
    "ngettext": (1, 2),
}


def known() -> set[str]:
    """Every msgid that is translated, by us or by CKAN."""
    core = Path(ckan.__file__).parent / "i18n" / LOCALE / "LC_MESSAGES" / "ckan.po"
    ours = {entry.msgid for entry in merged()}
    theirs = {
        entry.msgid
        for entry in polib.pofile(str(core), encoding="utf-8")
        if translated(entry) and not entry.obsolete and "fuzzy" not in entry.flags
    }
    return ours | theirs


def missing() -> list[tuple[str, int, Key]]:
    """What the portal says and nobody has translated, each string once."""
    have = known()
    first: dict[str, tuple[str, int, Key]] = {}
    for file, line, key in wanted():
        if key[0] not in have:
            first.setdefault(key[0], (file, line, key))
    return list(first.values())


def main(arguments: list[str]) -> int:
    """The command line: 0 when all is well, 1 when something is missing."""
    if arguments == ["--missing"]:
        gaps = missing()
        for file, line, (singular, plural) in gaps:
            entry = polib.POEntry(msgid=singular, occurrences=[(file, str(line))])
            if plural:
                entry.msgid_plural = plural
                entry.msgstr_plural = {0: ""}
            sys.stdout.write(f"{entry}\n")
        return 1 if gaps else 0
    write()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
