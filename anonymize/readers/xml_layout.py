"""Which element of an XML document is a record, told from its first part; and that it declares nothing.

A document type declaration stands before the root element, so that the first part shows it, if there is
one: entities that unfold to gigabytes or name files and addresses are refused there, before any parser
that would follow them sees the document.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from anonymize.readers import complaint_structured as structured

HEAD = 4 << 20
"""Bytes of UTF-8 that a layout is told from."""
_MAX_DEPTH = 64
_DECLARATION = re.compile(rb"\A\s*<\?xml\s[^>]*\?>")
_ENCODING = re.compile(rb"""\A\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")

Path = tuple[str, ...]


@dataclass(slots=True)
class _Seen:
    """What was counted under one path of names."""

    count: int = 0
    with_content: int = 0
    """Elements with sub-elements or attributes."""
    most_siblings: int = 0


@dataclass(slots=True)
class _Survey:
    seen: dict[Path, _Seen] = field(default_factory=dict)
    path: list[str] = field(default_factory=list)
    siblings: list[Counter[str]] = field(default_factory=lambda: [Counter()])
    full: list[bool] = field(default_factory=list)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = local(name)
        if len(self.path) >= _MAX_DEPTH:
            raise structured.too_deep(1, _MAX_DEPTH)
        if self.full:
            self.full[-1] = True
        self.siblings[-1][name] += 1
        self.path.append(name)
        self.full.append(bool(attributes))
        entry = self.seen.setdefault(tuple(self.path), _Seen())
        entry.count += 1
        entry.most_siblings = max(entry.most_siblings, self.siblings[-1][name])
        self.siblings.append(Counter())

    def end(self, _name: str) -> None:
        entry = self.seen[tuple(self.path)]
        entry.with_content += self.full.pop()
        self.path.pop()
        self.siblings.pop()


def record_path(head: bytes, whole: bool, asked: str | None) -> Path:
    """The names from the root down to the record element.

    The record is the repeated element with content that stands least deep; a document with a single
    record has it right below its root.

    Args:
        head: the first bytes of the document in UTF-8, its declaration taken off.
        whole: whether that is all of it.
        asked: name of the record element, or its path joined by ``/``; None to find it.

    Raises:
        SourceUnreadable: not well-formed, with a document type declaration, or without records.
        WrongUse: ``asked`` is not there.
    """
    survey = _Survey()
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = survey.start
    parser.EndElementHandler = survey.end
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(head, whole)
    except expat.ExpatError:
        # A document that breaks later is refused by the pass over all of it, with the row.
        if not survey.seen:
            raise structured.not_xml(1) from None
    if asked is not None:
        return _asked(survey.seen, asked)
    found = [
        (len(path), -entry.count, path)
        for path, entry in survey.seen.items()
        if len(path) > 1 and entry.most_siblings > 1 and entry.with_content * 2 >= entry.count
    ]
    if not found:
        found = [
            (len(path), 0, path)
            for path, entry in survey.seen.items()
            if len(path) == 2 and (entry.with_content or not whole)
        ]
    if not found:
        raise structured.no_records()
    return min(found)[2]


def _asked(seen: dict[Path, _Seen], asked: str) -> Path:
    wanted = tuple(part for part in asked.split("/") if part)
    fitting = [path for path in seen if wanted and path[-len(wanted) :] == wanted and len(path) > 1]
    if not fitting:
        raise structured.no_such_records(asked)
    return min(fitting, key=len)


def _refuse(*_arguments: Any) -> None:
    raise structured.declares_entities()


def local(name: str) -> str:
    """The name without its namespace: ``{http://…}a`` and ``gml:a`` are ``a``."""
    return name.rpartition("}")[2].rpartition(":")[2]


def declared_encoding(head: bytes) -> str | None:
    """The encoding that the declaration names, in lower case."""
    match = _ENCODING.match(head)
    return match[1].decode().lower() if match else None


def without_declaration(head: bytes) -> bytes:
    """The document without ``<?xml …?>``, whose encoding is no longer true once it is UTF-8."""
    return _DECLARATION.sub(b"", head, count=1).lstrip()
