"""The policies that come along carry their tables through, leak nothing and keep most."""

from __future__ import annotations

import io
from pathlib import Path
from random import Random

import pytest

import anonymize
from anonymize.engines.residue import PUBLIC_AT_LEVEL_1
from anonymize.policy import Policy
from anonymize.writers import open_writer
from tests.factories.policy_tables import COLUMNS, table
from tests.factories.truth import leaks, read_csv

FOLDER = Path(__file__).parents[4] / "config/policies"
FILES = sorted(FOLDER.glob("*.yaml"))
ROWS = 600


def test_there_is_a_policy_for_each_common_table_and_a_table_for_each_policy() -> None:
    assert {file.stem for file in FILES} == set(COLUMNS)
    assert len(FILES) >= 12


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_default_policy_keeps_nothing_personal(file: Path) -> None:
    policy = Policy.from_yaml(file.read_text("utf-8"))
    assert policy.k >= 5
    assert policy.purpose == "open"
    for rule in policy.columns:
        if rule.operator.name == "keep":
            assert rule.entity is None or (rule.level == 1 and rule.entity in PUBLIC_AT_LEVEL_1)


@pytest.mark.article("SX-15")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_table_goes_through_its_policy_without_a_leak_or_a_blocker(file: Path) -> None:
    policy = Policy.from_yaml(file.read_text("utf-8"))
    raw = table(file.stem, Random(file.stem), ROWS)
    source = anonymize.open_table(io.BytesIO(raw.csv()), name=f"{file.stem}.csv")
    out = io.BytesIO()
    fields = anonymize.published_fields(policy, source.columns)
    report = anonymize.apply(source, policy, [open_writer("csv", out, fields)])
    header, rows = read_csv(out.getvalue())
    assert [blocker.zh for blocker in report.blockers()] == []
    assert leaks(raw, header, rows) == []
    assert len(rows) == ROWS
    assert report.risk.k is None or report.risk.k >= policy.k
    # The classes of the policy, not suppression, carry most of the work.
    lost = sum(done.suppressed for done in report.done)
    assert lost <= 0.4 * ROWS * len(policy.quasi_identifiers)
    for column in policy.columns:
        if column.operator.name == "keep":
            place, before = header.index(column.name), raw.header.index(column.name)
            assert [row[place] for row in rows] == [row[before] for row in raw.rows]
