"""What one department has published and what another is about to publish are looked at together."""

from __future__ import annotations

import csv
import io
import json
from random import Random
from typing import Any

import pytest

ROWS = 240


def table(header: list[str], rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode("utf-8")


@pytest.fixture(scope="module")
def people() -> list[dict[str, str]]:
    random_ = Random(11)
    return [
        {
            "补贴金额": f"{1000 + n * 3}.{random_.randrange(100):02}",
            "性别": random_.choice("男女"),
            "街道": f"第{random_.randrange(4) + 1}街道",
            "工种": f"工种{random_.randrange(12)}",
        }
        for n in range(ROWS)
    ]


def assessed(site: Any, name: str, content: bytes, quasi: list[str]) -> dict[str, Any]:
    release = site.scanned(site.entry(name), f"{name}.csv", content)
    keep = [{"name": column, "operator": "keep"} for column in quasi]
    site.call("compiler", "govdata_release_plan", id=release, quasi_identifiers=quasi, columns=keep).ok()
    site.call("compiler", "govdata_release_run", id=release).ok()
    shown: dict[str, Any] = site.settled(release)
    assert shown["state"] == "assessed", shown["failure"]
    return shown


@pytest.fixture(scope="module")
def jobs(site: Any, people: list[dict[str, str]]) -> dict[str, Any]:
    """Published: the amount and the occupation, each occupation shared by many."""
    rows = [[p["补贴金额"], p["工种"]] for p in people]
    first = assessed(site, "jobs", table(["补贴金额", "工种"], rows), ["工种"])
    assert first["report"]["blockers"] == []
    for who, step, more in (
        ("reviewer", "sign_off", {"conclusion": "pass"}),
        ("compiler", "submit", {}),
        ("reviewer", "approve", {"opinion": "同意"}),
        ("compiler", "publish", {}),
    ):
        site.call(who, f"govdata_release_{step}", id=first["id"], **more).ok()
    shown: dict[str, Any] = site.settled(first["id"])
    assert shown["state"] == "published", shown["failure"]
    return shown


@pytest.mark.article("QD-24")
def test_a_table_that_singles_people_out_together_with_a_public_one_is_stopped(
    site: Any, jobs: Any, people: list[dict[str, str]]
) -> None:
    rows = [[p["补贴金额"], p["性别"], p["街道"]] for p in people]
    shown = assessed(site, "homes", table(["补贴金额", "性别", "街道"], rows), ["性别", "街道"])
    assert shown["report"]["risk"]["k"] >= 5
    overlap = next(o for o in shown["report"]["mosaic"] if o["name"].startswith(jobs["dataset_title"]))
    assert overlap["shared"] == ["补贴金额"]
    assert overlap["added"] == ["工种"]
    assert overlap["exposed_rows"] > 0
    assert "mosaic" in {blocker["code"] for blocker in shown["blockers"]}
    assert site.call("compiler", "govdata_release_submit", id=shown["id"]).status == 409
    text = json.dumps(shown["report"], ensure_ascii=False)
    assert not any(p["补贴金额"] in text for p in people)


def test_without_the_column_in_common_it_may_go_to_review(
    site: Any, jobs: Any, people: list[dict[str, str]]
) -> None:
    rows = [[p["性别"], p["街道"]] for p in people]
    shown = assessed(site, "homes", table(["性别", "街道"], rows), ["性别", "街道"])
    assert "mosaic" not in {blocker["code"] for blocker in shown["blockers"]}


def test_the_report_can_be_had_as_a_pdf_by_its_officers_only(site: Any, jobs: Any) -> None:
    path = f"/release/{jobs['id']}/report.pdf"
    answer = site.get(path, "reviewer")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.content.startswith(b"%PDF-")
    assert "%%EOF" in answer.content[-16:].decode("latin-1")
    assert site.get(path, "stranger").status_code == 403
    assert b"%PDF" not in site.get(path).content
