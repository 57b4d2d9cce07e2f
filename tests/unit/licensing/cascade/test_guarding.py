"""Whom a platform believes, what it calls, and what becomes of anything else."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select

from licensing.cascade import peers
from licensing.cascade.models import Incoming, Outgoing
from licensing.cascade.peers import checked_address
from licensing.cascade.signing import Key, holds, public_key
from licensing.cascade.transport import HttpTransport, Unreached, path_of
from licensing.cascade.wire import LIMIT, Receipt
from licensing.core.errors import Conflict, InvalidInput, NotPermitted
from licensing.core.ledger.entry import canonical
from tests.factories.cascade_world import CITY, PROVINCE, SITES, Platform, Wire, pair
from tests.factories.licensing_world import SettableTime, sqlite_engine

Pair = tuple[Platform, Platform, Wire]
ADDRESS = SITES[PROVINCE] + "/api/licensing/v1"


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Pair]:
    engines = {name: sqlite_engine(tmp_path / f"{name}.db") for name in (CITY, PROVINCE)}
    yield pair(engines, tmp_path, SettableTime())
    for engine in engines.values():
        engine.dispose()


@pytest.fixture
def sent(two: Pair) -> tuple[dict[str, str], bytes]:
    """A request that the province has taken, as it was on the wire."""
    city, _, wire = two
    city.file()
    assert city.round() == 1
    _, headers, content = wire.carried[0]
    return headers, content


def count(platform: Platform) -> int:
    with platform.session() as session:
        return session.scalar(select(func.count()).select_from(Incoming)) or 0


def signed(
    city: Platform, content: bytes, *, key: Key | None = None, later: timedelta = timedelta()
) -> dict[str, str]:
    message = json.loads(content)["id"]
    return (key or city.key).headers(path_of(ADDRESS), content, message, city.time.now() + later)


def changed(content: bytes, **members: Any) -> bytes:
    return canonical({**json.loads(content), **members})


def test_a_request_that_comes_again_is_refused_and_a_message_that_does_gets_its_receipt(
    two: Pair, sent: tuple[dict[str, str], bytes]
) -> None:
    city, province, wire = two
    headers, content = sent
    assert wire.send(ADDRESS, headers, content).status == 401
    answer = wire.send(ADDRESS, signed(city, content), content)
    assert answer.status == 200
    with city.session() as session:
        first = session.scalars(select(Outgoing)).one().receipt
    assert msgspec.json.decode(answer.content) == first
    assert count(province) == len(province.cases()) == 1


@pytest.mark.parametrize(
    "forge",
    [
        lambda h, c: ({**h, "Content-Digest": "sha-256=:AAAA:"}, c),
        lambda h, c: (h, c.replace("停车".encode(), "公交".encode())),
        lambda h, c: ({**h, "Idempotency-Key": "0" * 36}, c),
        lambda h, c: ({**h, "Signature-Input": h["Signature-Input"].replace("nonce=", "n0nce=")}, c),
        lambda h, c: ({k: v for k, v in h.items() if k != "Signature"}, c),
        lambda h, c: ({**h, "Signature": h["Signature"][:-6] + "AAAA=:"}, c),
        lambda h, c: ({k: v for k, v in h.items() if not k.startswith("Sig")}, c),
    ],
    ids=["digest", "content", "key", "nonce", "unsigned", "signature", "bare"],
)  # fmt: skip
def test_whatever_was_changed_on_the_way_is_not_believed(
    two: Pair, forge: Callable[[dict[str, str], bytes], tuple[dict[str, str], bytes]]
) -> None:
    city, province, wire = two
    wire.before = _stop
    city.file()
    city.round()
    with city.session() as session:
        content = session.scalars(select(Outgoing)).one().body.encode()
    headers, forged = forge(signed(city, content), content)
    assert wire.send(ADDRESS, headers, forged).status == 401
    assert (count(province), province.cases()) == (0, [])


def _stop(_content: bytes) -> None:
    raise Unreached("stopped")


@pytest.mark.parametrize("later", [timedelta(minutes=-6), timedelta(minutes=6)])
def test_a_signature_of_another_time_is_not_believed(
    two: Pair, sent: tuple[dict[str, str], bytes], later: timedelta
) -> None:
    city, _, wire = two
    _, content = sent
    assert wire.send(ADDRESS, signed(city, content, later=later), content).status == 401


def test_a_key_that_is_not_registered_is_not_believed(two: Pair, sent: tuple[dict[str, str], bytes]) -> None:
    city, _, wire = two
    _, content = sent
    stranger = Key.generate()
    assert wire.send(ADDRESS, signed(city, content, key=stranger), content).status == 401
    claimed = changed(content, **{"from": stranger.id})
    assert wire.send(ADDRESS, signed(city, claimed, key=stranger), claimed).status == 401


@pytest.mark.parametrize(
    ("members", "status"),
    [
        ({"to": "0" * 64}, 422),
        ({"number": 3}, 409),
        ({"number": 0}, 422),
        ({"protocol": "govdata-cascade/2"}, 422),
        ({"kind": "order"}, 422),
        ({"more": "x"}, 422),
        ({"body": {"kind": "sharing"}}, 422),
        ({"thread": "../../etc"}, 422),
    ],
)  # fmt: skip
def test_a_message_that_the_protocol_does_not_know_changes_nothing(
    two: Pair, sent: tuple[dict[str, str], bytes], members: dict[str, Any], status: int
) -> None:
    city, province, wire = two
    _, content = sent
    fresh = {"id": "fresh-message-0001", "thread": "another-thread", "number": 1}
    forged = changed(content, **{**fresh, **members})
    assert wire.send(ADDRESS, signed(city, forged), forged).status == status
    assert count(province) == 1


def test_other_content_under_the_same_id_is_refused(two: Pair, sent: tuple[dict[str, str], bytes]) -> None:
    city, _, wire = two
    _, content = sent
    forged = changed(content, at="2026-01-01T00:00:00+00:00")
    assert wire.send(ADDRESS, signed(city, forged), forged).status == 409


def test_content_that_is_not_canonical_is_refused(two: Pair, sent: tuple[dict[str, str], bytes]) -> None:
    city, _, wire = two
    _, content = sent
    spaced = json.dumps({**json.loads(content), "id": "fresh-message-0002"}, ensure_ascii=False).encode()
    assert wire.send(ADDRESS, signed(city, spaced), spaced).status == 422


def test_content_beyond_the_bound_is_not_read(two: Pair) -> None:
    city, _, wire = two
    content = canonical({"id": "fresh-message-0003", "x": "x" * LIMIT})
    assert wire.send(ADDRESS, signed(city, content), content).status == 413


def test_an_event_from_a_platform_that_does_not_hold_the_data_is_not_followed(two: Pair) -> None:
    city, province, wire = two
    province.file("records")
    wire.before = _stop
    province.round()
    with province.session() as session:
        assert session.scalars(select(Outgoing)).all() == [], "an application for our own data stays here"
    ours = city.file()
    city.round()
    with city.session() as session:
        content = session.scalars(select(Outgoing)).one().body.encode()
    # The city itself answers the province's thread with an event about a case that it asked for.
    forged = changed(content, kind="event", body={"word": "approved", "text": "x"}, id="fresh-message-0004")
    assert wire.send(ADDRESS, signed(city, forged), forged).status == 404
    assert city.case(ours).status == "submitted"


def test_a_receipt_of_somebody_else_is_none(two: Pair) -> None:
    city, province, wire = two
    city.file()
    stranger = Key.generate()

    def forge(address: str, headers: Any, content: bytes) -> Any:
        answer = wire.send(address, headers, content)
        receipt = msgspec.json.decode(answer.content, type=Receipt)
        assert holds(receipt, public_key(province.key.pem()))
        forged = stranger.receipt(receipt)
        return type(answer)(200, msgspec.json.encode(forged))

    wire.post = forge  # type: ignore[method-assign]
    assert city.round() == 0
    assert city.waiting() == 1
    assert len(province.cases()) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://province.example.gov.cn", "https://user@province.example.gov.cn", "ftp://x.example", "",
        "https://", "https://x.example/?a=1", "https://x.example/#a", "https://x.example/ a",
        "http://127.0.0.1:80", "http://169.254.169.254/latest", "file:///etc/passwd",
        "https://" + "x" * 500,
    ],
)  # fmt: skip
def test_only_https_addresses_are_entered(address: str) -> None:
    with pytest.raises(InvalidInput):
        checked_address(address, loopback=False)


def test_this_very_machine_only_where_that_is_allowed() -> None:
    assert checked_address("http://127.0.0.1:8008/", loopback=True) == "http://127.0.0.1:8008"
    with pytest.raises(InvalidInput):
        checked_address("http://10.0.0.1:8008", loopback=True)


def test_the_register_is_the_administrators_and_names_are_taken_once(two: Pair) -> None:
    city, province, _ = two
    with city.session() as session, session.begin():
        for who in ("u-platform", "u-applicant", "u-supervisor"):
            with pytest.raises(NotPermitted):
                peers.register(
                    session, city.context(session, who), "x1", city.entry(province), loopback=False
                )
        with pytest.raises(Conflict):
            peers.register(
                session, city.context(session, "u-administrator"), "x1", city.entry(province), loopback=False
            )


class _Redirecting(http.server.BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012  one server, one test

    def do_POST(self) -> None:
        self.asked.append(self.path)
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(307)
        self.send_header("Location", f"http://127.0.0.1:{self.server.server_address[1]}/elsewhere")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@contextmanager
def redirecting() -> Iterator[str]:
    server = http.server.HTTPServer(("127.0.0.1", 0), _Redirecting)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_redirect_is_not_followed() -> None:
    with redirecting() as address:
        answer = HttpTransport(loopback=True).post(address, {"Content-Type": "application/json"}, b"{}")
    assert answer.status == 307
    assert _Redirecting.asked == ["/cascade/messages"]
