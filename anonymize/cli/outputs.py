"""Outputs of one run in a folder: under temporary names until all of them may stay."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

import polars as pl
import pyarrow.parquet as pq

from anonymize.engines.base import Progress
from anonymize.fields import published_fields
from anonymize.policy import Policy
from anonymize.report import Output, describe_output
from anonymize.writers import Fanout, FieldSpec, Writer, open_writer, settle, table_schema

_ROWS = 50_000


class Outputs:
    """First the anonymised table as text (Parquet), then from it every format asked for.

    What is written first holds nothing that the policy hides. Leaving the block removes every temporary
    file; only ``write`` gives files their final names, all of them at the end.
    """

    def __init__(self, folder: Path, stem: str, tag: str) -> None:
        self._folder, self._stem, self._tag = folder, stem, tag
        self._created: list[Path] = []
        self._open = ExitStack()
        self._fields: tuple[FieldSpec, ...] = ()
        self._canonical: Path | None = None

    def __enter__(self) -> Outputs:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def canonical(self, policy: Policy, columns: tuple[str, ...]) -> Writer:
        """The sink for the run."""
        self._fields = published_fields(policy, columns)
        self._canonical = self._temporary("canonical")
        texts = [FieldSpec(f.name) for f in self._fields]
        return open_writer("parquet", self._open.enter_context(self._canonical.open("wb")), texts)

    def write(self, formats: tuple[str, ...], progress: Progress) -> tuple[Output, ...]:
        """Write the formats and the Table Schema, and give all their final names."""
        self._open.close()
        fields = settle(self._batches(), self._fields)
        total = self._total()
        final: dict[Path, Path] = {}
        with ExitStack() as files:
            writers: list[Writer] = []
            for name in formats:
                path = self._temporary(name)
                writers.append(open_writer(name, files.enter_context(path.open("wb")), fields))
                final[path] = self._folder / f"{self._stem}.{writers[-1].extension}"
            done = 0
            with Fanout(writers) as fanout:
                for batch in self._batches():
                    fanout.put(batch)
                    done += batch.height
                    progress("write", done, total)
        schema = self._temporary("schema")
        schema.write_text(json.dumps(table_schema(fields), ensure_ascii=False, indent=2) + "\n", "utf-8")
        final[schema] = self._folder / f"{self._stem}.schema.json"
        for source, target in final.items():
            source.replace(target)
        names = (target.name for target in final.values())
        return tuple(describe_output(writer, name) for writer, name in zip(writers, names, strict=False))

    def _batches(self) -> Iterator[pl.DataFrame]:
        assert self._canonical is not None  # noqa: S101  set by ``canonical``
        with pq.ParquetFile(self._canonical) as file:
            for batch in file.iter_batches(_ROWS):
                yield pl.DataFrame(batch)

    def _total(self) -> int:
        assert self._canonical is not None  # noqa: S101  set by ``canonical``
        with pq.ParquetFile(self._canonical) as file:
            return int(file.metadata.num_rows)

    def _temporary(self, what: str) -> Path:
        path = self._folder / f".{self._stem}.{self._tag}.{what}.part"
        self._created.append(path)
        return path

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()
        for path in self._created:
            path.unlink(missing_ok=True)
