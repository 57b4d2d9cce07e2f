"""Apache Parquet: typed columns where the declared type was settled, text elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import IO

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from anonymize.errors import WrongUse
from anonymize.writers.base import FieldSpec, Writer
from anonymize.writers.types import DECIMAL_DIGITS, fits


class ParquetWriter(Writer):
    """An empty cell of a typed column is null, of a text column the empty text.

    The types must hold for every cell (``writers.settle``): one that does not fit raises WrongUse, for
    a file cannot change its types half way.
    """

    format, extension, media_type = "parquet", "parquet", "application/vnd.apache.parquet"

    def __init__(self, stream: IO[bytes], fields: Sequence[FieldSpec]) -> None:
        super().__init__(stream, fields)
        self._schema = pa.schema(
            [
                pa.field(
                    f.name,
                    _arrow_type(f),
                    metadata={"title": f.title or f.name, "description": f.description},
                )
                for f in self.fields
            ]
        )
        self._writer = pq.ParquetWriter(self._out, self._schema, compression="zstd")

    def _write(self, frame: pl.DataFrame) -> None:
        typed = [f for f in self.fields if f.declared_type != "text"]
        if typed:
            holds = frame.select(
                ((pl.col(f.name) == "") | fits(pl.col(f.name), f.declared_type)).all().alias(f.name)
                for f in typed
            ).row(0)
            for spec, ok in zip(typed, holds, strict=True):
                if not ok:
                    raise WrongUse(
                        "列“{column}”有单元格不符合声明的类型 {type}，请先核定类型。",
                        "Column “{column}” has cells that are no {type}: settle the types first.",
                        column=spec.name,
                        type=spec.declared_type,
                    )
        frame = frame.with_columns(
            pl.when(pl.col(f.name) != "").then(pl.col(f.name)).alias(f.name) for f in typed
        ).with_columns(_typed(f) for f in typed)
        self._writer.write_table(frame.to_arrow().cast(self._schema))

    def _finish(self) -> None:
        if self.about:
            self._writer.add_key_value_metadata(dict(self.about))
        self._writer.close()


def _arrow_type(spec: FieldSpec) -> pa.DataType:
    if spec.declared_type == "decimal":
        return pa.float64() if spec.scale is None else pa.decimal128(DECIMAL_DIGITS, spec.scale)
    return {
        "text": pa.string(),
        "integer": pa.int64(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "datetime": pa.timestamp("ms"),
    }[spec.declared_type]


def _typed(spec: FieldSpec) -> pl.Expr:
    cell = pl.col(spec.name)
    if spec.declared_type == "integer":
        return cell.cast(pl.Int64)
    if spec.declared_type == "decimal":
        return cell.cast(pl.Float64) if spec.scale is None else cell.str.to_decimal(scale=spec.scale)
    if spec.declared_type == "boolean":
        return cell == "true"
    if spec.declared_type == "date":
        return cell.str.to_date("%Y-%m-%d")
    return cell.str.to_datetime("%Y-%m-%d %H:%M:%S")
