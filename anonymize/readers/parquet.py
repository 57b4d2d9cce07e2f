"""Apache Parquet, streamed batch by batch; every type as the text that ``canonical`` gives it.

The file is read from its end first, so that it must be a seekable source. Texts are read as dictionaries:
a small file can repeat a long text in millions of rows, and is unfolded in slices of bounded size.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from anonymize.findings import SourceInfo
from anonymize.readers import complaint
from anonymize.readers import complaint_structured as structured
from anonymize.readers.canonical import as_text
from anonymize.readers.flatten import Piece
from anonymize.readers.limits import Limits
from anonymize.readers.source import ByteSource
from anonymize.readers.streamed import StreamedTable

_SLICE = 16 << 20
_THRIFT = 64 << 20
_DAMAGE = (pa.ArrowException, OSError, ValueError, KeyError, IndexError, OverflowError, MemoryError)


class ParquetTable(StreamedTable):
    """A ``Table`` over a Parquet file.

    Raises:
        SourceUnreadable: from the constructor, for everything that is wrong with the source.
    """

    def __init__(self, source: ByteSource, limits: Limits) -> None:
        super().__init__(limits)
        self._source = source
        rows = self._survey()
        size, sha256 = source.digest()
        self._info = SourceInfo(
            name=source.name,
            format="parquet",
            encoding=None,
            delimiter=None,
            size=size,
            sha256=sha256,
            rows=rows,
            columns=self._columns,
            header_rows=0,
        )

    def _pieces(self) -> Iterable[Piece]:
        for batch in self._batches():
            try:
                columns = [
                    text
                    for index, name in enumerate(batch.schema.names)
                    for text in as_text(_decoded(batch.column(index)), name, index + 1)
                ]
            except (*_DAMAGE, pl.exceptions.PolarsError):
                raise structured.damaged("Parquet") from None
            if len({column.name for column in columns}) < len(columns):
                raise complaint.duplicate_headers(_duplicates([column.name for column in columns]))
            yield Piece(batch.num_rows, pl.DataFrame(columns))

    def _batches(self) -> Iterator[pa.RecordBatch]:
        with self._source.open() as stream:
            try:
                file = pq.ParquetFile(
                    pa.PythonFile(stream, mode="r"),
                    thrift_string_size_limit=_THRIFT,
                    thrift_container_size_limit=_THRIFT // 64,
                )
                schema = file.schema_arrow
                self._check(file.metadata, schema)
                texts = [field.name for field in schema if _is_text(field.type)]
                file = pq.ParquetFile(
                    pa.PythonFile(stream, mode="r"),
                    read_dictionary=texts,
                    thrift_string_size_limit=_THRIFT,
                    thrift_container_size_limit=_THRIFT // 64,
                )
                width = max(1, len(schema))
                rows = max(1, min(self._limits.batch_rows, self._limits.batch_cells // width))
                batches = file.iter_batches(rows)
            except _DAMAGE:
                raise structured.damaged("Parquet") from None
            while True:
                try:
                    batch = next(batches, None)
                except _DAMAGE:
                    raise structured.damaged("Parquet") from None
                if batch is None:
                    return
                step = _rows_in_a_slice(batch)
                for start in range(0, batch.num_rows, step):
                    yield batch.slice(start, step)

    def _check(self, metadata: pq.FileMetaData, schema: pa.Schema) -> None:
        if metadata.num_rows > self._limits.max_rows:
            raise complaint.too_many_rows(self._limits.max_rows)
        if len(schema) > self._limits.max_columns:
            raise complaint.too_many_columns(len(schema), self._limits.max_columns)


def _is_text(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
    )


def _rows_in_a_slice(batch: pa.RecordBatch) -> int:
    """How many rows may be unfolded at a time."""
    total = 0
    for column in batch.columns:
        if pa.types.is_dictionary(column.type) and _is_text(column.type.value_type):
            lengths = pc.take(pc.binary_length(column.dictionary), column.indices)
            total += pc.sum(lengths).as_py() or 0
    return max(1, int(batch.num_rows * min(1.0, _SLICE / total))) if total else max(1, batch.num_rows)


def _decoded(column: pa.Array) -> pl.Series:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    series = pl.from_arrow(column)
    if not isinstance(series, pl.Series):
        raise ValueError("no column")
    return series


def _duplicates(names: list[str]) -> list[int]:
    return [index + 1 for index, name in enumerate(names) if names.count(name) > 1]
