"""What COPY reads is what the cells say: empty text, NULL, and characters with a meaning of their own."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from anonymize.writers import FieldSpec
from ckanext.govdata.datastore_copy import encoded

FIELDS = (
    FieldSpec("名称", "text", "", ""),
    FieldSpec("数", "integer", "", ""),
    FieldSpec("注", "text", "", ""),
)
UNESCAPED = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}
CELL = st.text(st.sampled_from('甲ab,"\\\t\n\r\0N. '), max_size=6)


def read(text: bytes) -> list[list[str | None]]:
    """COPY's text format, as PostgreSQL's manual describes it."""
    lines = text.decode().split("\n")
    assert lines.pop() == ""
    return [[None if cell == "\\N" else _plain(cell) for cell in line.split("\t")] for line in lines]


def _plain(cell: str) -> str:
    made, characters = "", iter(cell)
    for character in characters:
        made += UNESCAPED[next(characters)] if character == "\\" else character
    return made


@given(st.lists(st.tuples(CELL, st.sampled_from(["", "1", "-20"]), CELL), max_size=8))
def test_every_cell_comes_back_and_an_empty_one_is_null_where_there_is_a_type(
    rows: list[tuple[str, str, str]],
) -> None:
    frame = pl.DataFrame(rows, schema=[field.name for field in FIELDS], orient="row")
    frame = frame.cast(pl.String)
    wanted = [[a.replace("\0", "\ufffd"), b or None, c.replace("\0", "\ufffd")] for a, b, c in rows]
    assert read(encoded(frame, FIELDS)) == wanted
    numbered = read(encoded(frame, FIELDS, first=7))
    assert numbered == [[str(7 + at), *row] for at, row in enumerate(wanted)]


def test_only_a_frame_that_holds_such_characters_is_written_twice() -> None:
    frame = pl.DataFrame({"名称": ['a,"b"'], "数": [""], "注": [None]}, schema_overrides={"注": pl.String})
    assert encoded(frame, FIELDS) == b'a,"b"\t\\N\t\n'
    assert encoded(frame.select(pl.lit("\\.").alias("名称"), "数", "注"), FIELDS) == b"\\\\.\t\\N\t\n"
