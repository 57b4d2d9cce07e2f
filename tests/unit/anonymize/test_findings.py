"""Findings that were stored are read back whole or not at all."""

from __future__ import annotations

import copy
import io
import json
from typing import Any

import pytest

import anonymize
from anonymize.findings import Findings, FindingsInvalid
from anonymize.report import findings_as_dict

from .engines.people import HEADER, people


def scanned() -> Findings:
    text = "\n".join(",".join(row) for row in [HEADER, *people(80)])
    return anonymize.scan(io.BytesIO(text.encode()), name="表.csv")


@pytest.fixture(scope="module")
def findings() -> Findings:
    return scanned()


@pytest.fixture
def stored(findings: Findings) -> dict[str, Any]:
    return copy.deepcopy(json.loads(json.dumps(findings_as_dict(findings))))


def test_what_is_read_back_is_what_was_stored(findings: Findings, stored: dict[str, Any]) -> None:
    assert Findings.from_dict(stored) == findings
    assert Findings.from_dict(stored).profiles == ()


def test_a_run_from_stored_findings_gives_the_same_report(findings: Findings, stored: dict[str, Any]) -> None:
    text = "\n".join(",".join(row) for row in [HEADER, *people(80)])
    policy = anonymize.suggest(findings)
    reports = [
        anonymize.apply(
            anonymize.open_table(io.BytesIO(text.encode()), name="表.csv"), policy, [], findings=found
        ).as_dict()
        for found in (findings, Findings.from_dict(stored))
    ]
    assert reports[0] == reports[1]


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.pop("version"),
        lambda d: d.update(more=1),
        lambda d: d["columns"][0].pop("kind"),
        lambda d: d["columns"][0].update(samples=["x"]),
        lambda d: d["columns"][0].update(kind="harmless"),
        lambda d: d["columns"][1].update(entity="NOTHING"),
        lambda d: d["columns"][1].update(rows="80"),
        lambda d: d["columns"][1].update(rows=True),
        lambda d: d["columns"][1].update(embedded={"NOTHING": 1}),
        lambda d: d["source"].pop("sha256"),
        lambda d: d["source"].update(rows=None),
        lambda d: d.update(source=[]),
    ],
)
def test_whatever_is_not_understood_is_refused(stored: dict[str, Any], change: Any) -> None:
    change(stored)
    with pytest.raises(FindingsInvalid):
        Findings.from_dict(stored)
