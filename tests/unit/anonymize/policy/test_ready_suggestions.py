"""What ``suggest`` writes can be carried out as it stands, on every shape of table."""

from __future__ import annotations

import io
from random import Random

import pytest

import anonymize
from anonymize.suggest import reasons
from tests.factories.more_tables import IMPERSONAL, PERSONAL
from tests.factories.tables import TABLES
from tests.factories.truth import leaks, read_csv

ROWS = 120
SHAPES = {**TABLES, **PERSONAL, **IMPERSONAL}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_suggested_policy_is_carried_out_unchanged_without_a_blocker(shape: str) -> None:
    raw = SHAPES[shape](Random(f"ready {shape}"), ROWS)
    table = anonymize.open_table(io.BytesIO(raw.csv()), name=f"{shape}.csv")
    findings = anonymize.scan(table)
    suggested = anonymize.suggest(findings, table)
    text = suggested.to_yaml(reasons(findings, "zh", suggested))
    policy = anonymize.Policy.from_yaml(text)
    assert policy == suggested
    out = io.BytesIO()
    sink = anonymize.open_writer("csv", out, anonymize.published_fields(policy, table.columns))
    report = anonymize.apply(table, policy, [sink], findings=findings)
    assert [blocker.zh for blocker in report.blockers()] == []
    assert report.risk.k is None or report.risk.k >= policy.k
    header, rows = read_csv(out.getvalue())
    assert leaks(raw, header, rows) == []
    assert not any(secret in text for row in raw.secrets for secret in row if len(secret) > 5)
