"""File names as browsers send them."""

from __future__ import annotations

import pytest

from ckanext.govdata.release.stage import LONGEST_NAME, clean_name
from licensing.core.errors import InvalidInput


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("低保.csv", "低保.csv"),
        ("C:\\办公\\低保.csv", "低保.csv"),
        ("../../etc/passwd", "passwd"),
        ("a\u202ecsv.exe", "acsv.exe"),
        ("a\x00\r\nb.csv", "ab.csv"),
    ],
)
def test_only_the_last_part_of_a_name_is_kept_and_nothing_invisible(sent: str, kept: str) -> None:
    assert clean_name(sent) == kept


@pytest.mark.parametrize("sent", ["", "  ", "..", "/", "\x00"])
def test_a_file_needs_a_name(sent: str) -> None:
    with pytest.raises(InvalidInput):
        clean_name(sent)


def test_a_long_name_keeps_its_end() -> None:
    kept = clean_name("长" * 300 + ".csv")
    assert len(kept) == LONGEST_NAME
    assert kept.endswith(".csv")
