"""Files of a filing: kept where the package names them, given to the sides and the office."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from typing import Any

from tests.factories.filed_fixtures import filed_http, http, made
from tests.factories.filed_world import Filed
from tests.factories.licensing_http import HttpWorld

__all__ = ["filed_http", "http", "made"]
PLAN = b"%PDF-1.7\nplan\n%%EOF\n"


def named(http: HttpWorld, made: Filed, content: bytes) -> str:
    """A draft that names a file, for another matter of the same agreement."""
    digest = hashlib.sha256(content).hexdigest()
    body = {
        "agreement_id": made.agreement_id, "matter": "co_development", "plan": "方案",
        "attachments": [{"kind": "plan", "name": "方案.pdf", "sha256": digest, "size": len(content)}],
    }  # fmt: skip
    answer = http.call("POST", "/filings", "u-provider", body)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return str(answer.get_json()["id"])


def attach(http: HttpWorld, filing: str, content: bytes, who: str = "u-provider") -> Any:
    body = {"content": base64.b64encode(content).decode()}
    return http.call("POST", f"/filings/{filing}/attachments", who, body)


def test_a_file_that_the_package_names_is_kept_under_its_name(http: HttpWorld, made: Filed) -> None:
    filing = named(http, made, PLAN)
    kept = attach(http, filing, PLAN)
    assert kept.status_code == 201, kept.get_data(as_text=True)
    assert (kept.get_json()["name"], kept.get_json()["kind"]) == ("方案.pdf", "plan")
    for who in ("u-provider", "u-administrator", "u-partner"):
        assert http.call("GET", f"/attachments/{kept.get_json()['id']}", who).data == PLAN
    assert http.call("GET", f"/attachments/{kept.get_json()['id']}", "u-other-partner").status_code == 404
    packed = http.call("GET", f"/filings/{filing}/package.zip", "u-administrator").data
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        name = f"attachments/plan-{hashlib.sha256(PLAN).hexdigest()[:12]}.pdf"
        assert opened.read(name) == PLAN
        assert f"{hashlib.sha256(PLAN).hexdigest()}  {name}" in opened.read("SHA256SUMS").decode()


def test_what_the_package_does_not_name_is_refused(http: HttpWorld, made: Filed) -> None:
    filing = named(http, made, PLAN)
    refused = attach(http, filing, PLAN + b"\n%%EOF")
    assert (refused.status_code, refused.get_json()["pointer"]) == (422, "/content")
    assert http.call("GET", f"/filings/{filing}/attachments", "u-provider").get_json() == []


def test_only_the_department_that_files_adds_and_nobody_takes_away(http: HttpWorld, made: Filed) -> None:
    filing = named(http, made, PLAN)
    for who, status in (("u-partner", 403), ("u-administrator", 403), ("u-other-partner", 404)):
        assert attach(http, filing, PLAN, who).status_code == status
    kept = attach(http, filing, PLAN).get_json()
    assert not kept["removable"]
    assert http.call("POST", f"/attachments/{kept['id']}/remove", "u-provider").status_code == 404
