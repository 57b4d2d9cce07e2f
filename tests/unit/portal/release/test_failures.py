"""What is told of an error holds no value."""

from __future__ import annotations

import pytest

from anonymize.errors import SourceUnreadable
from ckanext.govdata.release import failures

CELL = "11010519491231002X"


def _raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:  # noqa: BLE001 - any error is what is tested
        return caught


@pytest.mark.article("SX-22")
def test_the_message_of_an_unexpected_error_is_never_told() -> None:
    told = failures.of(_raised(ValueError(f"could not parse {CELL!r} as i64")))
    assert told["code"] == "internal_error"
    assert CELL not in str(told)
    assert "ValueError" in told["message"]["en"]
    assert "test_failures.py" in told["message"]["zh"]


def test_a_deliberate_error_says_its_own_sentence() -> None:
    told = failures.of(_raised(SourceUnreadable("第 {row} 行列数不符。", "Row {row} is ragged.", row=7)))
    assert told == {
        "code": "source_unreadable",
        "message": {"zh": "第 7 行列数不符。", "en": "Row 7 is ragged."},
    }
