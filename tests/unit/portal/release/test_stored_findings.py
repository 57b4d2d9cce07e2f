"""A run takes up the findings of the scan, and scans again whenever these do not fit for certain."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

import anonymize
from anonymize.readers.table import Table
from ckanext.govdata.release.scan import findings_document, stored_findings

TEXT = "姓名,电话\n" + "".join(f"王小{c},1380013{n:04}\n" for n, c in enumerate("明红刚强丽娜伟芳敏静"))


def opened(text: str = TEXT) -> Table:
    return anonymize.open_table(io.BytesIO(text.encode()), name="表.csv")


@pytest.fixture
def document() -> dict[str, Any]:
    findings = anonymize.scan(opened())
    policy = anonymize.suggest(findings)
    stored = {**findings_document(findings, {}, policy), "suggested": policy.as_dict()}
    return dict(json.loads(json.dumps(stored, ensure_ascii=False)))


def test_the_findings_of_the_scan_are_taken_up(document: dict[str, Any]) -> None:
    found = stored_findings(document, opened())
    assert found is not None
    expected = anonymize.scan(opened())
    assert [(c.name, c.kind, c.entity, c.matched, c.embedded) for c in found.columns] == [
        (c.name, c.kind, c.entity, c.matched, c.embedded) for c in expected.columns
    ]
    assert found.source == expected.source


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(version="0"),
        lambda d: d["source"].update(sha256="0" * 64),
        lambda d: d["columns"][0].update(kind="harmless"),
        lambda d: d["columns"].pop(),
    ],
)
def test_findings_that_do_not_fit_are_left_alone(document: dict[str, Any], change: Any) -> None:
    change(document)
    assert stored_findings(document, opened()) is None


def test_there_may_be_none() -> None:
    assert stored_findings(None, opened()) is None
