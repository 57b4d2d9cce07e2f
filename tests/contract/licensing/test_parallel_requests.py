"""Requests at the same moment, over HTTP and on PostgreSQL: one decision wins, a number is given once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from licensing.applications.models import Case
from licensing.core.store.engine import open_engine
from licensing.core.store.events import history
from licensing.filings import service
from licensing.filings.evidence import examiner
from licensing.filings.models import Filing
from tests.factories.cases import accepted, settle
from tests.factories.filing_world import acting, agreement, draft, sign_agreement, submission
from tests.factories.licensing_http import HttpWorld
from tests.factories.licensing_world import SettableTime, make_context
from tests.factories.signers import PARTNER_SIDE, PROVIDER_SIDE, SigningWorld

DECISIONS, FILINGS = 200, 50
LAW = [{"level": "law", "title": "中华人民共和国数据安全法", "article": "第三十八条"}]


@pytest.fixture
def http(engine: Engine, time: SettableTime, tmp_path: Path) -> Iterator[HttpWorld]:
    """The interface, with a connection for every request."""
    address = engine.url.render_as_string(hide_password=False)
    wide = open_engine(address, pool_size=100, max_overflow=120)
    yield HttpWorld(wide, tmp_path / "objects", time, SigningWorld(tmp_path / "ca", time))
    wide.dispose()


def at_once(count: int, send: Callable[[int], TestResponse]) -> list[TestResponse]:
    """The answers to ``count`` requests, all sent from behind one barrier."""
    gate = Barrier(count)
    answers: list[TestResponse] = []

    def run(number: int) -> None:
        gate.wait(60)
        answers.append(send(number))

    threads = [Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == count
    return answers


@pytest.mark.parametrize(("named", "refused"), [(False, 409), (True, 412)], ids=["any", "of one version"])
def test_of_200_parallel_decisions_one_wins_and_the_others_are_told_so(
    http: HttpWorld, tmp_path: Path, time: SettableTime, named: bool, refused: int
) -> None:
    """412 is the answer to a condition (RFC 9110, 13.1.1): the version that the request names is gone."""
    with Session(http.engine) as session, session.begin():
        ctx = make_context(session, tmp_path / "objects", time)
        settle(session, ctx)
        case = accepted(session, ctx).id
        version = session.get_one(Case, case).version

    def decide(number: int) -> TestResponse:
        word, body = (
            ("approve", {"reason": "符合条件"}),
            ("refuse", {"reason": "超出范围", "basis": LAW}),
        )[number % 2]
        header = f'"{version}"' if named else "*"
        return http.call("POST", f"/cases/{case}/{word}", "u-provider", body, headers={"If-Match": header})

    answers = at_once(DECISIONS, decide)
    assert Counter(each.status_code for each in answers) == {200: 1, refused: DECISIONS - 1}
    (won,) = [each.get_json()["status"] for each in answers if each.status_code == 200]
    for each in answers:
        if each.status_code != 200:
            assert each.content_type == "application/problem+json"
            assert each.get_json()["status"] == refused
    with Session(http.engine) as session:
        assert session.get_one(Case, case).status == won
        assert [event.number for event in history(session, case)] == [1, 2, 3, 4]


@pytest.mark.article("SX-17")
def test_fifty_filings_accepted_at_once_get_fifty_numbers_without_a_gap(
    http: HttpWorld, tmp_path: Path, time: SettableTime
) -> None:
    with Session(http.engine) as session, session.begin():
        ctx = make_context(session, tmp_path / "objects", time)
        sides = ((http.signing.signer(PROVIDER_SIDE), "u-provider"),
                 (http.signing.signer(PARTNER_SIDE, elliptic=True), "u-partner"))  # fmt: skip
        document = sign_agreement(session, ctx, http.signing, sides)
        content = submission(agreement(document_id=document.id), document.file_sha256)
        examine = examiner(session, ctx, http.signing.trust)
        proved = examine(document.id)
        ids = []
        for _ in range(FILINGS):
            filing = draft(session, ctx, content)
            service.submit(session, acting(session, ctx, "u-provider"), filing.id, lambda _: proved)
            ids.append(filing.id)

    def accept(number: int) -> TestResponse:
        path = f"/filings/{ids[number]}/accept"
        return http.call("POST", path, "u-administrator", headers={"If-Match": "*"})

    answers = at_once(FILINGS, accept)
    assert Counter(each.status_code for each in answers) == {200: FILINGS}, answers[0].get_data(as_text=True)
    with Session(http.engine) as session:
        stored = session.execute(select(Filing.serial, Filing.number)).all()
    assert sorted(serial for serial, _ in stored) == list(range(1, FILINGS + 1))
    assert {number for _, number in stored} == {each.get_json()["number"] for each in answers}
    assert len({number for _, number in stored}) == FILINGS
