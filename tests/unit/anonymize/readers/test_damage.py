"""Damaged files of every format: a table or a refusal, in bounded time and memory, and nothing else.

``bench/soak_formats.py`` runs the same for as long as it is given.
"""

from __future__ import annotations

import io
import resource

import pytest

from anonymize.errors import SourceUnreadable
from anonymize.readers import open_table
from tests.factories.mutations import WHOLE, damaged

SEEDS = 60
MEGABYTES = 300


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", WHOLE)
def test_damage_gives_a_table_or_a_refusal_and_nothing_else(kind: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused = 0
    for seed in range(SEEDS):
        try:
            table = open_table(io.BytesIO(damaged(kind, seed)), name=f"a.{kind}")
            assert sum(frame.height for frame in table.batches()) == table.info.rows
        except SourceUnreadable as error:
            refused += 1
            assert error.zh  # noqa: PT017
            assert error.en.isascii()  # noqa: PT017
    assert refused > 0
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEGABYTES << 10


@pytest.mark.parametrize("kind", WHOLE)
def test_the_whole_file_is_read(kind: str) -> None:
    assert open_table(io.BytesIO(WHOLE[kind]()), name=f"a.{kind}").info.rows == 40


@pytest.mark.parametrize("kind", WHOLE)
def test_a_file_cut_off_anywhere_is_no_crash(kind: str) -> None:
    data = WHOLE[kind]()
    for length in range(1, len(data), max(1, len(data) // 40)):
        try:
            open_table(io.BytesIO(data[:length]), name=f"a.{kind}")
        except SourceUnreadable as error:
            assert error.zh  # noqa: PT017
