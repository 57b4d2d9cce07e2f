"""The draft of a year's disclosure: what was on record, how it was used, and for whom it is."""

from __future__ import annotations

import io
from typing import Any

import pytest
from docx import Document

from tests.factories.filed_fixtures import filed_http, http, made
from tests.factories.filed_world import Filed
from tests.factories.granted_http import ask, done, granted, hand_out, token
from tests.factories.licensing_http import HttpWorld

__all__ = ["filed_http", "http", "made"]


def told(http: HttpWorld, path: str, who: str, status: int = 200) -> Any:
    return done(http.call("GET", path, who), status)


def test_a_filing_stands_in_the_years_in_which_it_is_valid(http: HttpWorld, made: Filed) -> None:
    office = "u-administrator"
    http.call("POST", f"/filings/{made.filing_id}/approve", office, headers={"If-Match": "*"})
    this = told(http, "/disclosures/2026", office)
    assert (this["due"], this["totals"]["filings"], this["totals"]["new"]) == ("2027-03-31", 1, 1)
    (entry,) = this["entries"]
    assert (entry["purpose"], entry["holder"]) == (made.purpose, "河畔数据有限公司")
    following = told(http, "/disclosures/2027", office)
    assert (following["totals"]["filings"], following["totals"]["new"]) == (1, 0)
    assert told(http, "/disclosures/2025", office)["entries"] == []


def test_a_department_sees_its_own_and_nobody_else_anything(http: HttpWorld, made: Filed) -> None:
    assert told(http, "/disclosures/2026?department=d-transport", "u-provider")
    for who, path in (
        ("u-provider", "/disclosures/2026"),
        ("u-provider", "/disclosures/2026?department=d-health"),
        ("u-partner", "/disclosures/2026"),
    ):
        told(http, path, who, 403)
    told(http, "/disclosures/99", "u-administrator", 404)


def test_the_document_says_the_same_and_is_to_be_completed(http: HttpWorld, made: Filed) -> None:
    http.call("POST", f"/filings/{made.filing_id}/approve", "u-administrator", headers={"If-Match": "*"})
    answer = http.call("GET", "/disclosures/2026/docx?department=d-transport", "u-provider")
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    document = Document(io.BytesIO(answer.data))
    text = "\n".join(each.text for each in document.paragraphs)
    assert "2026年度公共数据授权利用情况披露（草稿）" in text
    assert "晋安市交通运输局" in text
    assert made.purpose in {cell.text for row in document.tables[0].rows for cell in row.cells}


def test_an_operator_discloses_what_it_holds_and_nothing_of_others(http: HttpWorld, made: Filed) -> None:
    http.call("POST", f"/filings/{made.filing_id}/approve", "u-administrator", headers={"If-Match": "*"})
    (entry,) = told(http, "/disclosures/2026?holder=p-river", "u-partner")["entries"]
    assert entry["holder"] == "河畔数据有限公司"
    answer = http.call("GET", "/disclosures/2026/docx?holder=p-river", "u-partner")
    text = "\n".join(each.text for each in Document(io.BytesIO(answer.data)).paragraphs)
    assert "披露单位：河畔数据有限公司" in text
    assert told(http, "/disclosures/2026?holder=p-river", "u-administrator")["totals"]["filings"] == 1
    for who, path in (
        ("u-partner", "/disclosures/2026?holder=p-forest"),
        ("u-partner", "/disclosures/2026?holder=p-river&department=d-transport"),
        ("u-provider", "/disclosures/2026?holder=p-river"),
    ):
        told(http, path, who, 403)


@pytest.mark.parametrize(("year", "calls"), [(2026, 2), (2027, 0)])
def test_calls_count_in_their_own_year(http: HttpWorld, made: Filed, year: int, calls: int) -> None:
    http.call("POST", f"/filings/{made.filing_id}/approve", "u-administrator", headers={"If-Match": "*"})
    secret = token(http, granted(http, made))["secret"]
    for _ in range(2):
        hand_out(http, ask(http, made, secret))
    http.bring_in()
    (entry,) = told(http, f"/disclosures/{year}", "u-administrator")["entries"]
    assert entry["calls"] == calls
