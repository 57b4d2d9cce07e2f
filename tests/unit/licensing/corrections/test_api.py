"""A report of wrong data over HTTP, by both sides."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factories.licensing_http import HttpWorld
from tests.factories.licensing_world import SettableTime, sqlite_engine
from tests.factories.signers import SigningWorld


@pytest.fixture
def http(tmp_path: Path, time: SettableTime) -> Iterator[HttpWorld]:
    engine = sqlite_engine(tmp_path / "licensing.db")
    yield HttpWorld(engine, tmp_path / "objects", time, SigningWorld(tmp_path / "ca", time))
    engine.dispose()


@pytest.mark.article("HB-23")
def test_a_report_is_verified_and_explained_by_the_provider(http: HttpWorld) -> None:
    body = {
        "reporter_kind": "partner", "reporter_id": "p-river", "dataset_id": "parking",
        "place": "第三列", "description": "泊位数与现场不符",
    }  # fmt: skip
    made = http.call("POST", "/corrections", "u-partner", body)
    assert made.status_code == 201, made.get_data(as_text=True)
    report = made.get_json()
    assert report["notice"]["zh"]
    path = f"/corrections/{report['id']}"
    assert http.call("GET", path, "u-other-partner").status_code == 404
    verified = http.call("POST", f"{path}/verify", "u-provider", version=report["version"])
    assert verified.status_code == 200, verified.get_data(as_text=True)
    version = verified.get_json()["version"]
    explained = http.call(
        "POST", f"{path}/explain", "u-provider", {"answer": "现场正在施工"}, version=version
    )
    assert explained.get_json()["answer"] == "现场正在施工"
    mine = http.call("GET", "/corrections?view=reported&party=p-river", "u-partner").get_json()["items"]
    theirs = http.call("GET", "/corrections?view=received", "u-provider").get_json()["items"]
    assert [each["id"] for each in mine] == [each["id"] for each in theirs] == [report["id"]]
    assert (
        http.call("GET", "/corrections?view=reported&party=p-river", "u-provider").get_json()["items"] == []
    )
    assert http.call("GET", "/corrections?view=all", "u-provider").status_code == 403


def test_nobody_reports_for_somebody_else(http: HttpWorld) -> None:
    body = {
        "reporter_kind": "partner", "reporter_id": "p-hill", "dataset_id": "parking",
        "place": "第三列", "description": "泊位数与现场不符",
    }  # fmt: skip
    assert http.call("POST", "/corrections", "u-partner", body).status_code == 403
