"""The demonstration tables: equal seeds, right shapes, valid identifiers, columns as in the catalogue."""

from __future__ import annotations

import csv
import io
import random
from datetime import date

import openpyxl
import pytest

from ckanext.govdata.demo import city, files, identifiers
from ckanext.govdata.demo.tables import TABLES, Table, elderly_allowance, table

ENCODINGS = {
    "low-income-households": "gb18030",
    "company-register": "utf-8-sig",
    "industry-codes": "utf-8-sig",
}
ROWS = 60


def _bytes(made: Table, rows: int = ROWS, seed: int = 3) -> bytes:
    stream = io.BytesIO()
    made.generate(stream, seed, rows)
    return stream.getvalue()


def _lines(made: Table) -> list[tuple[str, ...]]:
    content = _bytes(made)
    if made.filename.endswith(".csv"):
        text = content.decode(ENCODINGS.get(made.entry, "utf-8"))
        return [tuple(row) for row in csv.reader(io.StringIO(text))]
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return [tuple("" if cell is None else str(cell) for cell in row) for row in sheet.values]


each = pytest.mark.parametrize("made", TABLES, ids=lambda made: made.entry)


@each
def test_equal_seeds_make_equal_bytes(made: Table) -> None:
    assert _bytes(made) == _bytes(made)


@each
def test_the_columns_are_those_of_the_catalogue_entry(made: Table) -> None:
    entry = next(entry for entry in city.entries() if entry.name == made.entry)
    wanted = [item["name"] for item in entry.document["information_items"]]
    lines = _lines(made)
    head = lines[0]
    if made.entry == "elderly-allowance":
        head = tuple(low if low else high for high, low in zip(lines[2], lines[3], strict=True))
    assert list(head) == wanted


@each
def test_the_asked_number_of_rows_is_written(made: Table) -> None:
    heads = 4 if made.entry == "elderly-allowance" else 1
    assert len(_lines(made)) - heads == ROWS


def test_one_table_has_two_hundred_thousand_rows() -> None:
    assert max(made.rows for made in TABLES) == 200_000


def test_the_households_are_gb18030_and_not_utf8() -> None:
    with pytest.raises(UnicodeDecodeError):
        _bytes(table("low-income-households")).decode("utf-8")


def test_the_allowance_workbook_has_merged_headers() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(_bytes(table("elderly-allowance")))).active
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert "A1:J1" in merged
    assert "B3:G3" in merged
    assert sum(len(names) for _, names in elderly_allowance.GROUPS) == 10


def test_the_hotline_text_repeats_the_callers_own_identifiers() -> None:
    lines = _lines(table("hotline-orders"))[1:]
    told = [row for row in lines if row[2] in row[5] or row[3] in row[5]]
    assert len(told) > ROWS / 4


def test_identifiers_have_right_check_digits() -> None:
    dice = random.Random(1)
    for _ in range(200):
        number = identifiers.resident_id(dice, date(1950, 2, 28), female=True)
        assert len(number) == 18
        assert int(number[16]) % 2 == 0
        total = sum(int(d) * w for d, w in zip(number[:17], identifiers.WEIGHTS, strict=True))
        assert number[17] == identifiers.CHECKS[total % 11]
        card = identifiers.bank_card(dice)
        assert len(card) == 19
        assert identifiers.luhn_digit(card[:-1]) == card[-1]


def test_the_files_are_written_and_written_again(tmp_path) -> None:
    first = files.write(tmp_path, rows=5)
    assert len(first) == len(TABLES)
    before = [path.read_bytes() for path in first]
    assert [path.read_bytes() for path in files.write(tmp_path, rows=5)] == before
