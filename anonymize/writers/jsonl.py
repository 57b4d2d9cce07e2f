"""JSON Lines: one object a line; every value is the text of the cell, as in the JSON array."""

from __future__ import annotations

import io

import polars as pl

from anonymize.writers.base import Writer


class JsonLinesWriter(Writer):
    """For tables that their readers stream: nothing stands before the first or after the last record."""

    format, extension, media_type = "jsonl", "jsonl", "application/x-ndjson"

    def _write(self, frame: pl.DataFrame) -> None:
        buffer = io.BytesIO()
        frame.write_ndjson(buffer)
        self._out.write(buffer.getbuffer())

    def _finish(self) -> None:
        """The last record is the end."""
