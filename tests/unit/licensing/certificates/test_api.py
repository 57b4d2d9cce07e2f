"""A certificate is asked for with one's own key, issued by the office, used, and revoked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.orm import Session

from licensing.certificates.lifecycle import LIFECYCLE
from licensing.parties.departments import register_department
from licensing.signatures.certificates import identity, load_chain
from tests.factories import cases
from tests.factories.licensing_http import OFFICE, HttpWorld
from tests.factories.licensing_world import START, make_context, sqlite_engine
from tests.factories.signers import SigningWorld, key_request
from tests.unit.licensing.signatures.conftest import MachineTime

pytestmark = pytest.mark.article("SX-18")
CODE = cases.uscc(700)


@pytest.fixture
def http(tmp_path: Path) -> Iterator[HttpWorld]:
    with time_machine.travel(START, tick=False) as machine:
        time = MachineTime(machine)
        engine = sqlite_engine(tmp_path / "licensing.db")
        made = HttpWorld(engine, tmp_path / "objects", time, SigningWorld(tmp_path / "ca", time))
        with Session(engine) as session, session.begin():
            ctx = make_context(session, made.folder, time)
            cases.settle(session, ctx)
            register_department(session, ctx, "d-coded", "晋安市测绘局", uscc=CODE)
        yield made
        engine.dispose()


def ask(
    http: HttpWorld, who: str, kind: str, party: str, request: str | None = None, status: int = 201
) -> str:
    body = {"party_kind": kind, "party_id": party, "request": request or key_request()}
    made = http.call("POST", "/certificates", who, body)
    assert made.status_code == status, made.get_data(as_text=True)
    return str(made.get_json().get("id", made.get_json().get("code")))


def issue(http: HttpWorld, who: str, number: str, status: int = 200) -> dict[str, str]:
    made = http.call("POST", f"/certificates/{number}/issue", who, headers={"If-Match": "*"})
    assert made.status_code == status, made.get_data(as_text=True)
    return dict(made.get_json())


def test_a_verified_partner_gets_a_certificate_that_names_it(http: HttpWorld) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    number = ask(http, "u-partner", "partner", "p-river", key_request(key))
    made = issue(http, "u-administrator", number)
    named = identity(load_chain(made["chain"].encode())[0])
    assert (named.identifier, named.name) == (cases.uscc(0), "合作企业0")
    issued = x509.load_pem_x509_certificate(made["chain"].encode())
    assert issued.public_key() == key.public_key()
    assert http.call("GET", f"/certificates/{number}", "u-other-partner").status_code == 404


def test_the_certificate_signs_and_once_revoked_does_not(http: HttpWorld) -> None:
    number = ask(http, "u-partner", "partner", "p-river")
    made = issue(http, "u-platform", number)
    chain = load_chain(made["chain"].encode())
    http.signing.trust.check(chain, http.time.now())
    gone = http.call(
        "POST",
        f"/certificates/{number}/revoke",
        "u-partner",
        {"reason": "换了电脑"},
        headers={"If-Match": "*"},
    )
    assert gone.get_json()["status"] == "revoked"
    state = http.signing.authority.register.state(int(made["serial"], 16))
    assert state is not None
    assert state.revoked == http.time.now()


def test_nobody_asks_for_somebody_else_or_issues_to_himself(http: HttpWorld) -> None:
    ask(http, "u-other-partner", "partner", "p-river", status=403)
    ask(http, "u-administrator", "partner", "p-river", status=403)
    ask(http, "u-partner", "office", OFFICE.id, status=403)
    number = ask(http, "u-partner", "partner", "p-river")
    issue(http, "u-partner", number, 403)
    issue(http, "u-other-partner", number, 404)


def test_a_key_is_certified_once_and_a_request_without_possession_never(http: HttpWorld) -> None:
    request = key_request()
    ask(http, "u-partner", "partner", "p-river", request)
    assert ask(http, "u-other-partner", "partner", "p-hill", request, 409) == "conflict"
    weak = ec.generate_private_key(ec.SECP192R1())
    for bad in (
        "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
        "中",
        key_request(weak),
    ):
        assert ask(http, "u-partner", "partner", "p-river", bad, 422) == "certificate_refused"


def test_who_is_not_verified_or_has_no_code_gets_none(http: HttpWorld) -> None:
    number = ask(http, "u-partner", "partner", "p-river")
    undone = http.call(
        "POST", "/partners/p-river/unverify", "u-administrator", {"reason": "复核"}, headers={"If-Match": "*"}
    )
    assert undone.status_code == 200
    assert issue(http, "u-administrator", number, 422)["code"] == "certificate_refused"
    bare = ask(http, "u-provider", "department", "d-transport")
    assert issue(http, "u-administrator", bare, 422)["code"] == "certificate_refused"
    refused = http.call(
        "POST",
        f"/certificates/{bare}/refuse",
        "u-administrator",
        {"reason": "没有代码"},
        headers={"If-Match": "*"},
    )
    assert refused.get_json()["status"] == "refused"


def test_the_office_certifies_its_own_key_for_receipts(http: HttpWorld) -> None:
    number = ask(http, "u-administrator", "office", OFFICE.id)
    made = issue(http, "u-administrator", number)
    assert identity(load_chain(made["chain"].encode())[0]).identifier == OFFICE.identifier
    other = ask(http, "u-administrator", "office", "another-office")
    assert issue(http, "u-administrator", other, 422)["code"] == "certificate_refused"


def test_the_list_shows_own_requests_and_all_to_offices_only(http: HttpWorld) -> None:
    own = ask(http, "u-partner", "partner", "p-river")
    other = ask(http, "u-other-partner", "partner", "p-hill")
    listed = http.call("GET", "/certificates", "u-partner").get_json()["items"]
    assert [each["id"] for each in listed] == [own]
    assert http.call("GET", "/certificates?view=all", "u-partner").status_code == 403
    everybody = http.call("GET", "/certificates?view=all&status=requested", "u-administrator").get_json()[
        "items"
    ]
    assert {own, other} <= {each["id"] for each in everybody}


def test_an_installation_without_an_authority_says_so(http: HttpWorld) -> None:
    object.__setattr__(http.settings, "authority", None)
    assert ask(http, "u-partner", "partner", "p-river", status=503) == "unavailable"


def test_every_state_is_reached_and_left_as_the_table_says() -> None:
    assert LIFECYCLE.dead_ends() == {"refused", "withdrawn", "revoked"}
