"""Steps that the tests of grants, usage and products take over HTTP."""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse

from tests.factories.filed_world import CALLER, Filed
from tests.factories.licensing_http import HttpWorld


def done(response: TestResponse, status: int = 200) -> Any:
    """The answer, which must be of that status."""
    assert response.status_code == status, response.get_data(as_text=True)
    return response.get_json()


def act(
    http: HttpWorld, path: str, who: str, body: Any = None, *, seen: str | None = None, status: int = 200
) -> Any:
    """A step on the version that ``who`` sees at ``seen`` (by default one level above the step)."""
    shown = http.call("GET", seen or path.rsplit("/", 1)[0], who)
    version = shown.get_json().get("version", 1)
    return done(http.call("POST", path, who, body, version=version), status)


def granted(http: HttpWorld, made: Filed, **changes: Any) -> str:
    """An active grant of the partner; its id."""
    body = {
        "agreement_id": made.agreement_id,
        "filing_id": made.filing_id,
        "terms": made.terms(**changes),
    }
    grant: str = done(http.call("POST", "/grants", "u-provider", body), 201)["id"]
    act(http, f"/grants/{grant}/activate", "u-provider")
    return grant


def token(http: HttpWorld, grant: str, **changes: Any) -> Any:
    """A token that the partner has made for itself."""
    where = f"/grants/{grant}"
    return act(http, f"{where}/tokens", "u-partner", {"expires_in": 86400 * 30, **changes}, status=201)


def ask(http: HttpWorld, made: Filed, secret: str, **changes: Any) -> Any:
    """The gateway's question about one call."""
    body = {
        "token": secret, "dataset": "records", "purpose": made.purpose, "system": made.system,
        "address": "10.1.2.3", "fields": ["place"], **changes,
    }  # fmt: skip
    return done(http.call("POST", "/access/check", CALLER, body))


def hand_out(http: HttpWorld, decision: Any, rows: int = 10, size: int = 100) -> None:
    """The gateway reports what it hands out for an allowed call."""
    assert decision["allowed"], decision
    call = {
        "call": decision["call"], "token": decision["token"], "dataset": "records", "rows": rows,
        "bytes": size,
    }  # fmt: skip
    assert done(http.call("POST", "/access/calls", CALLER, {"calls": [call]})) == {"recorded": 1}
