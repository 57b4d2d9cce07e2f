"""The same table as a file of every format, made with other tools than the project's own writers."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import sqlite3
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from tests.factories import xls as binary

Rows = Sequence[Sequence[str]]


def delimited(header: Sequence[str], rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows([header, *rows])
    return out.getvalue().encode(encoding)


def xlsx(header: Sequence[str], rows: Rows, sheet: str = "名单") -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False}) as book:
        page = book.add_worksheet(sheet)
        for index, row in enumerate([header, *rows]):
            for column, cell in enumerate(row):
                page.write_string(index, column, cell)
    return out.getvalue()


def xls(header: Sequence[str], rows: Rows) -> bytes:
    return binary.workbook([list(header), *map(list, rows)])


def json_array(header: Sequence[str], rows: Rows, encoding: str = "utf-8") -> bytes:
    records = [dict(zip(header, row, strict=True)) for row in rows]
    return json.dumps(records, ensure_ascii=False, indent=1).encode(encoding)


def json_wrapped(header: Sequence[str], rows: Rows) -> bytes:
    records = [dict(zip(header, row, strict=True)) for row in rows]
    return json.dumps({"code": 0, "data": {"total": len(rows), "rows": records}, "message": "成功"}).encode()


def json_lines(header: Sequence[str], rows: Rows) -> bytes:
    lines = (json.dumps(dict(zip(header, row, strict=True)), ensure_ascii=False) for row in rows)
    return ("\n".join(lines) + "\n").encode()


def geojson(header: Sequence[str], rows: Rows) -> bytes:
    """The last column is ``geometry`` and must be empty or a WKT point."""
    features = []
    for row in rows:
        *values, place = row
        geometry = None
        if place:
            x, y = place.removeprefix("POINT (").removesuffix(")").split(" ")
            geometry = {"type": "Point", "coordinates": [float(x), float(y)]}
        properties = dict(zip(header[:-1], values, strict=True))
        features.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def xml(header: Sequence[str], rows: Rows, encoding: str = "utf-8") -> bytes:
    """Records with a ``name`` attribute, since a header may be no name of an element."""
    root = ElementTree.Element("dataset")
    for row in rows:
        record = ElementTree.SubElement(root, "record")
        for name, cell in zip(header, row, strict=True):
            ElementTree.SubElement(record, "column", {"name": name}).text = cell
    return bytes(ElementTree.tostring(root, encoding=encoding, xml_declaration=True))


def parquet(header: Sequence[str], rows: Rows) -> bytes:
    columns = [pa.array([row[i] for row in rows], pa.string()) for i in range(len(header))]
    out = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(columns, names=list(header)), out, row_group_size=3)
    return out.getvalue()


def sqlite(header: Sequence[str], rows: Rows, path: Path) -> str:
    """The URL of a table ``名单`` in a new file."""
    with sqlite3.connect(path) as connection:
        names = [name.replace('"', '""') for name in header]
        columns = ", ".join(f'"{name}" TEXT' for name in names)
        connection.execute(f'CREATE TABLE "名单" (number INTEGER PRIMARY KEY, {columns})')
        marks = ", ".join("?" * (len(header) + 1))
        numbered = [(i, *row) for i, row in enumerate(rows)]
        connection.executemany(f'INSERT INTO "名单" VALUES ({marks})', numbered)  # noqa: S608  names of a test
        view = ", ".join(f'"{name}"' for name in names)
        connection.execute(f'CREATE VIEW "视图" AS SELECT {view} FROM "名单"')  # noqa: S608
    connection.close()
    return f"sqlite:///{path}#名单"


def zipped(data: bytes, member: str = "名单.csv", litter: bool = True) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, data)
        if litter:
            archive.writestr("__MACOSX/._x", b"litter")
    return out.getvalue()


def zstd(data: bytes) -> bytes:
    return bytes(pa.compress(data, codec="zstd", asbytes=True))


PACKINGS = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstd,
    "zip": zipped,
}
