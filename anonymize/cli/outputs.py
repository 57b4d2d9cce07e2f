"""Outputs of one run in a folder: without a name until all of them may stay."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import polars as pl
import pyarrow.parquet as pq

from anonymize.cli.together import finish, keep_together
from anonymize.cli.unnamed import Unnamed
from anonymize.engines.base import Progress
from anonymize.fields import published_fields
from anonymize.policy import Policy
from anonymize.report import Output, describe_output
from anonymize.writers import WRITERS, Fanout, FieldSpec, Writer, open_writer, settle, table_schema

_ROWS = 50_000


def output_files(folder: Path, stem: str, formats: Sequence[str]) -> list[Path]:
    """The files of a run: one for each format, and the Table Schema as the last."""
    extensions = [WRITERS[name].extension for name in formats]
    return [folder / f"{stem}.{extension}" for extension in (*extensions, "schema.json")]


class Outputs:
    """First the anonymised table as text (Parquet), then from it every format asked for.

    What is written first may hold what the re-scan will refuse, so it never has a name. The formats have none
    either until ``keep`` gives all of them theirs. Stopped or killed, a run leaves what was there before.
    """

    def __init__(self, folder: Path, stem: str) -> None:
        self._folder, self._stem = folder, stem
        self._open = ExitStack()
        self._fields: tuple[FieldSpec, ...] = ()
        self._canonical: BinaryIO | None = None
        self._written: list[Unnamed] = []

    def __enter__(self) -> Outputs:
        self._folder.mkdir(parents=True, exist_ok=True)
        finish(self._folder)
        return self

    def canonical(self, policy: Policy, columns: tuple[str, ...]) -> Writer:
        """The sink for the run."""
        self._fields = published_fields(policy, columns)
        self._canonical = self._file("canonical").stream
        texts = [FieldSpec(f.name) for f in self._fields]
        return open_writer("parquet", self._canonical, texts)

    def write(self, formats: tuple[str, ...], progress: Progress) -> tuple[Output, ...]:
        """Write the formats and the Table Schema."""
        fields = settle(self._batches(), self._fields)
        total = self._total()
        *targets, last = output_files(self._folder, self._stem, formats)
        files = [self._file(target.name) for target in targets]
        writers = [open_writer(name, file.stream, fields) for name, file in zip(formats, files, strict=True)]
        done = 0
        with Fanout(writers) as fanout:
            for batch in self._batches():
                fanout.put(batch)
                done += batch.height
                progress("write", done, total)
        schema = self._file(last.name)
        text = json.dumps(table_schema(fields), ensure_ascii=False, indent=2) + "\n"
        schema.stream.write(text.encode())
        self._written = [*files, schema]
        return tuple(
            describe_output(writer, target.name) for writer, target in zip(writers, targets, strict=True)
        )

    def keep(self, reports: Sequence[Unnamed] = ()) -> None:
        """Give what was written its names, and the ``reports`` with it: all, or none."""
        keep_together([*self._written, *reports], self._folder)

    def _batches(self) -> Iterator[pl.DataFrame]:
        assert self._canonical is not None  # noqa: S101  set by ``canonical``
        with pq.ParquetFile(self._canonical) as file:
            for batch in file.iter_batches(_ROWS):
                yield pl.DataFrame(batch)

    def _total(self) -> int:
        assert self._canonical is not None  # noqa: S101  set by ``canonical``
        with pq.ParquetFile(self._canonical) as file:
            return int(file.metadata.num_rows)

    def _file(self, name: str) -> Unnamed:
        return self._open.enter_context(Unnamed(self._folder / name))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()
