"""Kinds that a pattern alone does not find in a text: they ask the whole of ``anonymize.text``."""

from __future__ import annotations

import polars as pl

from anonymize.recognizers.base import ColumnRecognizer, Found


class ProseRecognizer(ColumnRecognizer):
    """A recognizer whose texts are read by tagger, rules and grammar together; columns as any other's."""

    def find(self, text: str) -> list[Found]:
        """Where this entity stands in ``text``."""
        # ``text`` asks the recognizers for patterns; it can only be imported once they are there.
        from anonymize.text import analyze

        found = analyze(pl.Series([text], dtype=pl.String), {self.ENTITY})
        return [Found(start, end, score) for _, start, end, _, score in found.iter_rows()]
