"""JSON (RFC 8259): an array of objects, one a line; every value is the text of the cell."""

from __future__ import annotations

import io

import polars as pl

from anonymize.writers.base import Writer


class JsonWriter(Writer):
    """Values stay text, so that a code keeps its leading zeros; the Table Schema says the types."""

    format, extension, media_type = "json", "json", "application/json"

    def _write(self, frame: pl.DataFrame) -> None:
        buffer = io.BytesIO()
        frame.write_ndjson(buffer)
        # A line break inside a value is written \n, so each line feed here ends an object.
        objects = buffer.getvalue().rstrip(b"\n").replace(b"\n", b",\n")
        self._out.write(b",\n" if self.rows else b"[\n")
        self._out.write(objects)

    def _finish(self) -> None:
        self._out.write(b"\n]\n" if self.rows else b"[]\n")
