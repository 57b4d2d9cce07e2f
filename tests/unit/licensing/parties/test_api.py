"""Partners over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from licensing.parties.numbers import uscc_check
from tests.factories.licensing_http import HttpWorld
from tests.factories.licensing_world import SettableTime, sqlite_engine
from tests.factories.signers import SigningWorld

BODY17 = "91140100MA0K0000X"
USCC = BODY17 + uscc_check(BODY17)


@pytest.fixture
def http(tmp_path: Path, time: SettableTime) -> Iterator[HttpWorld]:
    engine = sqlite_engine(tmp_path / "licensing.db")
    yield HttpWorld(engine, tmp_path / "objects", time, SigningWorld(tmp_path / "ca", time))
    engine.dispose()


def test_a_partner_is_registered_verified_and_blacklisted(http: HttpWorld) -> None:
    body = {"name": "河畔数据有限公司", "uscc": USCC, "partner_id": "p-river"}
    made = http.call("POST", "/partners", "u-platform", body)
    assert made.status_code == 201, made.get_data(as_text=True)
    path = "/partners/p-river"
    shown = http.call("GET", path, "u-partner").get_json()
    assert (shown["name"], shown["uscc"], shown["blacklisted"]) == (body["name"], USCC, False)
    assert http.call("GET", path, "u-other-partner").status_code == 404
    verified = http.call(
        "POST", f"{path}/verify", "u-platform", {"method": "counter"}, headers={"If-Match": "*"}
    )
    assert verified.status_code == 200, verified.get_data(as_text=True)
    listed = http.call(
        "POST", f"{path}/blacklist", "u-administrator", {"reason": "转售数据"},
        version=verified.get_json()["version"],
    )  # fmt: skip
    assert listed.get_json()["blacklisted"] is True
    assert len(http.call("GET", "/partners", "u-platform").get_json()["items"]) == 1
    assert http.call("GET", "/partners", "u-partner").status_code == 403
    wrong = http.call("POST", "/partners", "u-platform", {**body, "uscc": BODY17 + "0", "partner_id": "p-2"})
    assert wrong.status_code == 422
