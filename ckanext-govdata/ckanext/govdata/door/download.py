"""A file of granted rows: made for this download, marked, and on record before its first byte leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

from psycopg2 import sql

from ckanext.govdata.door import carried, mark, reading, register
from ckanext.govdata.door.admission import Admitted
from ckanext.govdata.door.errors import refusal
from ckanext.govdata.door.handing import Answer, LessLeft, hand_out, require_room
from ckanext.govdata.door.marking import key_of
from ckanext.govdata.door.spool import Spool
from ckanext.govdata.door.tables import ROW
from ckanext.govdata.door.windows import ROWS, Column
from ckanext.govdata.licensing_ports.setup import setup
from licensing.usage.downloads import record_download

if TYPE_CHECKING:
    import polars as pl

FORMATS: Final = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "parquet": "application/vnd.apache.parquet",
}
SECONDS: Final = 60.0
"""What one batch may take."""
BATCH: Final = 20_000
"""Rows; an even number, for the mark."""
_TYPES: Final = {
    "text": "text", "int8": "integer", "numeric": "decimal", "bool": "boolean", "date": "date",
    "timestamp": "datetime",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class File:
    """A file that is on record; ``id`` is the number of the download. ``content`` is the digest of the data
    themselves: that of the file, or of the one inside a bundle."""

    id: str
    filename: str
    media_type: str
    sha256: str
    content: str
    rows: int
    size: int
    spool: Spool


def make(admitted: Admitted, fields: tuple[str, ...], form: str, *, bundle: bool = False) -> File:
    """The file, or a bundle with it, on record.

    Raises:
        Refused: more rows or bytes than the quota still has. TooSlow: see :mod:`.reading`.
        SigningKeyInvalid: no bundle can be signed here.
    """
    columns = tuple(each for each in admitted.window.columns if not fields or each.field in fields)
    said = carried.about(admitted)
    number = "".join(c if c.isalnum() or c in "-_" else "_" for c in admitted.agreement)
    name = f"{admitted.name}--{number}--{admitted.call}"
    spool = Spool(admitted.call)
    try:
        with reading.looking(admitted.window, seconds=SECONDS) as cursor:
            rows = _count(cursor, admitted)
            require_room(admitted, rows, 0)
            _write(spool, form, columns, _frames(cursor, admitted, columns), said)
        digest = content = spool.finish()
        if bundle:
            spool, digest = _around(spool, name, f"{admitted.name}.{form}", content, said)
        _record(admitted, f"{form}.zip" if bundle else form, rows, spool.size, digest, content)
    except BaseException:
        spool.discard()
        raise
    kind = "application/zip" if bundle else FORMATS[form]
    filename = f"{name}.{'zip' if bundle else form}"
    return File(admitted.call, filename, kind, digest, content, rows, spool.size, spool)


def _around(file: Spool, folder: str, filename: str, sha256: str, said: dict[str, str]) -> tuple[Spool, str]:
    """The bundle around a file that is finished, and its digest; the file is destroyed."""
    whole = Spool(f"{file.name}.zip")
    try:
        for piece in carried.bundled(folder, filename, file, sha256, said):
            whole.write(piece)
        digest = whole.finish()
    except BaseException:
        whole.discard()
        raise
    file.discard()
    return whole, digest


def _record(admitted: Admitted, form: str, rows: int, size: int, digest: str, content: str) -> None:
    decision, request = admitted.decision, admitted.request
    try:
        hand_out(Answer(admitted, rows, size)).keep()
    except LessLeft:
        # A part of a file is no file.
        raise refusal("quota") from None
    register.download(
        id=admitted.call, grant_id=decision.grant_id, agreement=admitted.agreement, holder=admitted.holder,
        dataset=request.dataset, release=admitted.number, format=form, rows=rows, bytes=size, sha256=digest,
        content=content, at=admitted.at,
    )  # fmt: skip
    here = setup()
    with here.session() as session:
        record_download(
            session, here.machine(session), holder=admitted.holder, dataset_id=request.dataset,
            release=admitted.number, sha256=digest, size=size, agreement_id=decision.agreement_id,
        )  # fmt: skip
        session.commit()


def _count(cursor: Any, admitted: Admitted) -> int:
    cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(admitted.window.name, ROWS)))
    return int(cursor.fetchone()[0])


def _frames(cursor: Any, admitted: Admitted, columns: tuple[Column, ...]) -> Iterator[pl.DataFrame]:
    import polars as pl

    cells = sql.SQL(", ").join(
        sql.SQL("coalesce(({})::text, '')").format(sql.Identifier(each.id)) for each in columns
    )
    cursor.execute(
        sql.SQL("DECLARE file NO SCROLL CURSOR FOR SELECT {} FROM {} ORDER BY {}").format(
            cells, sql.Identifier(admitted.window.name, ROWS), sql.Identifier(ROW)
        )
    )
    marker = mark.Marker(key_of(admitted.decision.grant_id))
    names = [each.field for each in columns]
    while True:
        cursor.execute(f"FETCH {BATCH} FROM file")
        rows = cursor.fetchall()
        if not rows:
            return
        ordered = [rows[at] for at in marker.order([mark.digest(row) for row in rows])]
        yield pl.DataFrame(ordered, schema=dict.fromkeys(names, pl.Utf8), orient="row")


def _write(
    spool: Spool, form: str, columns: tuple[Column, ...], frames: Iterator[pl.DataFrame], said: dict[str, str]
) -> None:
    from anonymize.writers import FieldSpec, open_writer

    specs = [FieldSpec(each.field, cast(Any, _TYPES[each.type]), each.field, "") for each in columns]
    writer = open_writer(form, cast(Any, spool), specs, said)
    for frame in frames:
        writer.write(frame)
    writer.close()
