"""XML: ``<table><row><field name="列名">值</field>…</row>…</table>``, one row a line.

What the file says of itself stands in processing instructions before the table: to readers they are no data.

Column names are attribute values, because a Chinese header with brackets is no element name.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import IO

import polars as pl

from anonymize.writers.base import FieldSpec, Writer
from anonymize.writers.markup import FORBIDDEN, escaped


class XmlWriter(Writer):
    """Element names are fixed; what XML 1.0 cannot hold (control characters) stands as U+FFFD."""

    format, extension, media_type = "xml", "xml", "application/xml"

    def __init__(self, stream: IO[bytes], fields: Sequence[FieldSpec]) -> None:
        super().__init__(stream, fields)
        self._begun = False

    def _begin(self) -> None:
        if self._begun:
            return
        self._begun = True
        said = "".join(f"<?{name} {_instruction(value)}?>\n" for name, value in self.about.items())
        self._out.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{said}<table>\n'.encode())

    def _write(self, frame: pl.DataFrame) -> None:
        self._begin()
        frame = self._without_forbidden(frame)
        parts: list[pl.Expr] = []
        opening = "<row>"
        for spec in self.fields:
            name = (
                escape(spec.name, quote=True)
                .replace("\r", "&#13;")
                .replace("\n", "&#10;")
                .replace("\t", "&#9;")
            )
            parts += [pl.lit(f'{opening}<field name="{name}">'), escaped(pl.col(spec.name))]
            opening = "</field>"
        rows = frame.select(pl.concat_str([*parts, pl.lit("</field></row>\n")]).alias("row")).to_series()
        self._out.write("".join(rows.to_list()).encode())

    def _without_forbidden(self, frame: pl.DataFrame) -> pl.DataFrame:
        counts = frame.select(pl.all().str.contains(FORBIDDEN).sum()).row(0)
        dirty = [name for name, n in zip(frame.columns, counts, strict=True) if n]
        for name, n in zip(frame.columns, counts, strict=True):
            if n:
                self.notes.replaced[name] = self.notes.replaced.get(name, 0) + n
        return frame.with_columns(pl.col(name).str.replace_all(FORBIDDEN, "\ufffd") for name in dirty)

    def _finish(self) -> None:
        self._begin()
        self._out.write(b"</table>\n")


def _instruction(value: str) -> str:
    """Text inside a processing instruction, which its end mark would break off."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in value).replace("?>", "? >")
