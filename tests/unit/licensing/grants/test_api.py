"""Grants and their tokens over HTTP, as the provider, the partner and a gateway use them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.agreements.models import Agreement
from licensing.applications.models import Case
from licensing.grants.models import GrantToken
from licensing.http.models import GivenAnswer
from licensing.parties import standing
from tests.factories.cases import signed_agreement
from tests.factories.filed_world import CALLER, Filed
from tests.factories.granted_http import act, ask, done, granted, hand_out, token
from tests.factories.licensing_http import HttpWorld
from tests.factories.licensing_world import make_context

KEY = "0191d1c8-7b1f-7c3e-9f00-000000000009"


@pytest.mark.article("SX-18")
def test_a_grant_is_prepared_under_its_agreement_and_seen_by_its_sides_alone(
    http: HttpWorld, made: Filed
) -> None:
    body = {"agreement_id": made.agreement_id, "filing_id": made.filing_id, "terms": made.terms()}
    for who in ("u-other-partner", "u-other-provider", "u-applicant"):
        assert http.call("POST", "/grants", who, body).status_code == 404
    for who in ("u-partner", "u-supervisor"):
        assert http.call("POST", "/grants", who, body).status_code == 403
    answer = http.call("POST", "/grants", "u-provider", body)
    grant = done(answer, 201)
    assert answer.headers["Location"].endswith(f"/grants/{grant['id']}")
    assert (grant["status"], grant["status_label"]["zh"]) == ("prepared", "待启用")
    assert grant["holder"] == {"kind": "partner", "id": "p-river"}
    here = f"/grants/{grant['id']}"
    for who in ("u-partner", "u-provider", "u-platform", "u-supervisor"):
        assert http.call("GET", here, who).headers["ETag"] == '"1"'
    for who in ("u-other-partner", "u-other-provider", "u-applicant", CALLER):
        assert http.call("GET", here, who).status_code == 404
        assert http.call("POST", f"{here}/revoke", who, {"reason": "x"}, version=1).status_code == 404


@pytest.mark.article("SX-18")
@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"datasets": [{"id": "parking", "fields": ["place"]}]}, 422),
        ({"datasets": [{"id": "records", "fields": ["place", "colour"]}]}, 422),
        ({"purpose": "营销"}, 422),
        ({"ends": "2040-01-01"}, 422),
        ({"networks": ["everywhere"]}, 422),
        ({"quota": {"calls_per_day": 0}}, 422),
        ({"quota": {"calls_per_day": 10_001}}, 422),
    ],
)
def test_nothing_beyond_the_agreement_is_granted(
    http: HttpWorld, made: Filed, changes: dict[str, Any], status: int
) -> None:
    body = {"agreement_id": made.agreement_id, "filing_id": made.filing_id, "terms": made.terms(**changes)}
    refused = http.call("POST", "/grants", "u-provider", body)
    assert refused.status_code == status, refused.get_data(as_text=True)
    assert http.call("GET", "/grants?view=received", "u-provider").get_json()["items"] == []


def test_lists_of_grants_are_those_of_the_caller(http: HttpWorld, made: Filed) -> None:
    made_ids = [granted(http, made) for _ in range(3)]
    for who, view in (("u-partner", "own"), ("u-provider", "received"), ("u-supervisor", "all")):
        found, following = [], ""
        while True:
            page = done(http.call("GET", f"/grants?view={view}&limit=2&cursor={following}", who))
            found += [each["id"] for each in page["items"]]
            if page["next"] is None:
                break
            following = page["next"]
        assert found == made_ids[::-1]
        assert done(http.call("GET", f"/grants?view={view}&status=revoked", who))["items"] == []
    for who, view in (("u-other-partner", "own"), ("u-other-provider", "received"), ("u-provider", "own")):
        assert done(http.call("GET", f"/grants?view={view}", who))["items"] == []
    assert http.call("GET", "/grants?view=all", "u-provider").status_code == 403


def test_a_token_is_shown_once_and_stored_as_a_digest(http: HttpWorld, made: Filed) -> None:
    grant = granted(http, made)
    version = done(http.call("GET", f"/grants/{grant}", "u-partner"))["version"]
    for who in ("u-provider", "u-supervisor"):
        refused = http.call("POST", f"/grants/{grant}/tokens", who, {"expires_in": 3600}, version=version)
        assert refused.status_code == 403
    answer = http.call(
        "POST", f"/grants/{grant}/tokens", "u-partner", {"expires_in": 3600}, version=version,
        headers={"Idempotency-Key": KEY},
    )  # fmt: skip
    secret = done(answer, 201)["secret"]
    where = answer.headers["Location"].removeprefix("/api/licensing/v1")
    shown = done(http.call("GET", where, "u-partner"))
    assert (shown["prefix"], shown["expired"]) == (secret[:11], False)
    assert secret not in http.call("GET", f"/grants/{grant}/tokens", "u-partner").get_data(as_text=True)
    with Session(http.engine) as session:
        (row,) = session.scalars(select(GrantToken)).all()
        (kept,) = session.scalars(select(GivenAnswer)).all()
        assert secret not in json.dumps(vars(row), default=str)
        assert secret.encode() not in (kept.sealed or b"")
    assert http.call("GET", f"/grants/{grant}/tokens/none", "u-partner").status_code == 404
    other = granted(http, made)
    assert http.call("GET", f"/grants/{other}/tokens/{shown['id']}", "u-partner").status_code == 404


@pytest.mark.article("HB-24")
def test_suspending_withdrawing_and_revoking_are_true_for_the_next_call(http: HttpWorld, made: Filed) -> None:
    grant = granted(http, made)
    first, second = token(http, grant), token(http, grant, datasets=["records"])
    here = f"/grants/{grant}"
    assert ask(http, made, first["secret"])["allowed"]
    act(http, f"{here}/suspend", "u-provider", {"reason": "超目的使用"})
    assert ask(http, made, first["secret"])["reason"] == "not_active"
    act(http, f"{here}/resume", "u-provider", {"reason": "已整改"})
    assert ask(http, made, first["secret"])["allowed"]
    act(http, f"{here}/tokens/{first['id']}/withdraw", "u-partner", {}, seen=here)
    assert ask(http, made, first["secret"])["reason"] == "token_expired"
    new = act(
        http, f"{here}/tokens/{second['id']}/rotate", "u-partner", {"overlap": 0}, seen=here, status=201
    )
    assert ask(http, made, second["secret"])["reason"] == "token_expired"
    assert ask(http, made, new["secret"])["allowed"]
    act(http, f"{here}/revoke", "u-administrator", {"reason": "违约"})
    assert ask(http, made, new["secret"])["reason"] == "not_active"
    assert http.call("GET", f"/agreements/{made.agreement_id}/odrl", "u-partner").status_code == 404


@pytest.mark.article("SX-18")
@pytest.mark.article("HB-24")
@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"dataset": "parking"}, "dataset"),
        ({"fields": ["owner"]}, "fields"),
        ({"purpose": "营销"}, "purpose"),
        ({"system": "别的系统"}, "system"),
        ({"address": "192.168.0.1"}, "network"),
        ({"address": "nowhere"}, "network"),
    ],
)
def test_a_call_beyond_the_grant_is_refused_and_on_record(
    http: HttpWorld, made: Filed, changes: dict[str, Any], reason: str
) -> None:
    secret = token(http, granted(http, made, networks=["10.0.0.0/8"]))["secret"]
    decision = ask(http, made, secret, **changes)
    assert (decision["allowed"], decision["reason"], decision["fields"]) == (False, reason, [])
    assert http.bring_in() == 1
    (call,) = done(http.call("GET", f"/agreements/{made.agreement_id}/calls", "u-provider"))["items"]
    assert (call["outcome"], call["rows"], call["id"]) == (reason, 0, decision["call"])


@pytest.mark.article("HB-24")
def test_a_blacklisted_holder_gets_nothing_from_that_moment_and_again_when_it_is_lifted(
    http: HttpWorld, made: Filed
) -> None:
    secret = token(http, granted(http, made))["secret"]
    with Session(http.engine) as session, session.begin():
        office = make_context(session, http.folder, http.time)
        standing.blacklist(session, office, "p-river", reason="转供他人")
    assert ask(http, made, secret)["reason"] == "holder"
    with Session(http.engine) as session, session.begin():
        standing.lift(session, make_context(session, http.folder, http.time), "p-river", reason="已整改")
    assert ask(http, made, secret)["allowed"]


@pytest.mark.article("JS-19")
@pytest.mark.article("QD-18")
def test_without_the_confidentiality_agreement_that_is_needed_no_call_is_answered(
    http: HttpWorld, made: Filed
) -> None:
    secret = token(http, granted(http, made))["secret"]
    with Session(http.engine) as session, session.begin():
        agreement = session.get_one(Agreement, made.agreement_id)
        agreement.needs_confidentiality = True
    assert ask(http, made, secret)["reason"] == "confidentiality"
    with Session(http.engine) as session, session.begin():
        case = session.get_one(Case, made.case_id)
        other = signed_agreement(
            session, make_context(session, http.folder, http.time), case, "confidentiality"
        )
        other.signed_at, other.first_day, other.last_day = http.time.now(), made.begins, made.ends
        other_id = other.id
    assert ask(http, made, secret)["allowed"]
    with Session(http.engine) as session, session.begin():
        session.get_one(Agreement, other_id).ended_at = http.time.now()
    assert ask(http, made, secret)["reason"] == "confidentiality"


def test_the_agreements_daily_quota_holds_without_being_repeated(http: HttpWorld, made: Filed) -> None:
    grant = done(http.call("GET", f"/grants/{granted(http, made)}", "u-partner"))
    assert grant["terms"]["quota"]["calls_per_day"] == 10_000


def test_an_allowed_call_may_see_the_granted_fields_and_rows(http: HttpWorld, made: Filed) -> None:
    condition = {"field": "place", "op": "in", "values": ["东城", "西城"]}
    granted_data = [{"id": "records", "fields": ["place", "time"], "rows": [condition]}]
    secret = token(http, granted(http, made, datasets=granted_data))["secret"]
    decision = ask(http, made, secret, fields=[])
    assert (decision["fields"], decision["rows"]) == (["place", "time"], [condition])


def test_only_gateways_ask_and_no_answer_is_remembered(http: HttpWorld, made: Filed) -> None:
    secret = token(http, granted(http, made))["secret"]
    body = {
        "token": secret, "dataset": "records", "purpose": made.purpose, "system": made.system,
        "address": "10.0.0.1",
    }  # fmt: skip
    for who in ("u-partner", "u-provider", "u-supervisor"):
        assert http.call("POST", "/access/check", who, body).status_code == 403
    answer = http.call("POST", "/access/check", CALLER, body, headers={"Idempotency-Key": KEY})
    assert done(answer)["allowed"]
    assert answer.headers["Cache-Control"] == "private, no-store"
    with Session(http.engine) as session:
        assert session.scalars(select(GivenAnswer)).all() == []
    unknown = done(http.call("POST", "/access/check", CALLER, {**body, "token": "gd_" + "A" * 43}))
    assert (unknown["allowed"], unknown["reason"], unknown["grant"]) == (False, "token", "")
    assert http.bring_in() == 0


def test_what_is_not_drained_yet_counts_against_the_quota(http: HttpWorld, made: Filed) -> None:
    secret = token(http, granted(http, made, quota={"calls_per_day": 2}))["secret"]
    for _ in range(2):
        hand_out(http, ask(http, made, secret))
    assert ask(http, made, secret)["reason"] == "quota"
    http.bring_in()
    assert ask(http, made, secret)["reason"] == "quota"
    http.time.forward(days=1)
    assert ask(http, made, secret)["allowed"]


def test_one_odrl_agreement_states_what_is_granted_now(http: HttpWorld, made: Filed) -> None:
    here = f"/agreements/{made.agreement_id}"
    assert http.call("GET", f"{here}/odrl", "u-partner").status_code == 404
    kept, ended = granted(http, made, quota={"calls_per_day": 100}), granted(http, made)
    act(http, f"/grants/{ended}/revoke", "u-provider", {"reason": "重复"})
    answer = http.call("GET", f"{here}/odrl", "u-partner")
    assert answer.mimetype == "application/ld+json"
    document = json.loads(answer.data)
    assert (document["@type"], document["profile"]) == ("Agreement", "urn:govdata:odrl:1")
    assert [each["uid"] for each in document["permission"]] == [f"urn:govdata:grant:{kept}:1"]
    assert http.call("GET", f"{here}/odrl", "u-other-partner").status_code == 404
    revoked = done(http.call("POST", f"{here}/revoke-grants", "u-administrator", {"reason": "协议终止"}))
    assert revoked == {"revoked": 1}
    for who, status in (("u-other-provider", 404), ("u-partner", 200)):
        again = http.call("POST", f"{here}/revoke-grants", who, {"reason": "x"})
        assert again.status_code == status


def test_the_holder_cannot_revoke_what_others_granted(http: HttpWorld, made: Filed) -> None:
    grant = granted(http, made)
    refused = http.call(
        "POST", f"/agreements/{made.agreement_id}/revoke-grants", "u-partner", {"reason": "x"}
    )
    assert refused.status_code == 403
    assert done(http.call("GET", f"/grants/{grant}", "u-partner"))["status"] == "active"
