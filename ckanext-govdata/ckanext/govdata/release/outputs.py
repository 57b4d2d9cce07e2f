"""Write every published format of a table at once, straight into the object store.

The types are settled first (a declared type that some cell does not bear out becomes text, in every
format alike). Then the table is read once more, and each batch goes to every format, one thread each.
What a format writes is hashed on its way and sent up part by part, so that neither a disk nor the memory
ever holds a whole file.

An object comes to be only after every format is complete. Anything that goes wrong leaves none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from typing import BinaryIO, cast

import polars as pl

from anonymize.writers import Fanout, FieldSpec, Writer, open_writer, settle, table_schema
from ckanext.govdata.release.artifacts import MEDIA, SCHEMA, Artifact, filename_of, media_type_of
from ckanext.govdata.storage.objects import ObjectStore, ObjectWriter

Batches = Callable[[], Iterable[pl.DataFrame]]
"""Gives the table as frames of text cells, from row one at every call."""

Progress = Callable[[str, int, int], None]


def write_outputs(
    batches: Batches,
    fields: Sequence[FieldSpec],
    formats: Iterable[str],
    store: ObjectStore,
    key_prefix: str,
    *,
    basename: str = "data",
    total: int | None = None,
    progress: Progress | None = None,
) -> list[Artifact]:
    """Write the table in every format under ``key_prefix``; all of them or none.

    ``formats`` are names of :data:`~ckanext.govdata.release.artifacts.MEDIA`, ``total`` is the number of
    rows if it is known; ``progress(stage, done, total)`` counts rows of the stage ``publish``. Running it
    again replaces the objects of the same keys by the same content.

    Raises:
        ValueError: an unknown format, or another number of rows than ``total``.
        WrongUse: a format cannot hold the table.
        StoreUnavailable: the object store failed.
    """
    names = tuple(dict.fromkeys(formats))
    if unknown := [name for name in names if name not in MEDIA]:
        raise ValueError(f"unknown formats: {unknown}")
    settled = settle(batches(), fields)
    keys = {name: _key(key_prefix, name) for name in names}
    made: dict[str, Artifact] = {}
    with ExitStack() as undo:
        objects: dict[str, ObjectWriter] = {}
        for name in names:
            if name != SCHEMA:
                objects[name] = store.writer(keys[name], content_type=media_type_of(name))
                undo.callback(objects[name].close)  # throws away what is not committed
        writers = {
            name: open_writer(name, cast(BinaryIO, _Sink(target)), settled)
            for name, target in objects.items()
        }
        rows = _feed(list(writers.values()), batches(), total, progress)
        for name, writer in writers.items():
            undo.callback(store.delete, keys[name])
            stored = objects[name].commit()
            if stored.size != writer.size:
                raise OSError(f"{stored.size} bytes were stored, {writer.size} were written")
            made[name] = Artifact(
                name, filename_of(basename, name), keys[name], writer.size, writer.sha256, rows
            )
        if SCHEMA in names:
            undo.callback(store.delete, keys[SCHEMA])
            made[SCHEMA] = _write_schema(settled, store, keys[SCHEMA], basename, rows)
        undo.pop_all()
    return [made[name] for name in names]


class _Sink:
    """Passes bytes on to an object until that is thrown away, and takes no notice of what comes then.

    A zip container that is given up writes its end when it is collected, long after its object is gone.
    """

    def __init__(self, target: ObjectWriter) -> None:
        self._target = target

    def write(self, data: bytes) -> int:
        return len(data) if self._target.closed else self._target.write(data)

    def flush(self) -> None:
        """The object sends whole parts only."""


def _feed(
    writers: list[Writer], frames: Iterable[pl.DataFrame], total: int | None, progress: Progress | None
) -> int:
    rows = 0
    with Fanout(writers) as out:
        for frame in frames:
            out.put(frame)
            rows += frame.height
            if progress is not None:
                progress("publish", rows, total or rows)
        if total is not None and rows != total:
            raise ValueError(f"{rows} rows came, {total} were announced")
    return rows


def _write_schema(
    fields: Sequence[FieldSpec], store: ObjectStore, key: str, basename: str, rows: int
) -> Artifact:
    content = json.dumps(table_schema(fields), ensure_ascii=False, indent=2).encode("utf-8")
    store.put(key, content, content_type=media_type_of(SCHEMA))
    digest = hashlib.sha256(content).hexdigest()
    return Artifact(SCHEMA, filename_of(basename, SCHEMA), key, len(content), digest, rows)


def _key(prefix: str, name: str) -> str:
    # The format, not the title: object keys stay ASCII whatever the dataset is called.
    return f"{prefix.rstrip('/')}/data.{MEDIA[name][0]}"
