"""The clock board: its counts are those of the clocks, its lamps those of the day, and each sees their own."""  # noqa: E501

from __future__ import annotations

import csv
import io
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from licensing.core.clock import CHINA

TODAY = date(2026, 3, 11)
DUE = TODAY - timedelta(days=1)
BASIS = "state_secret"


@pytest.fixture
def session(ckan_app: Any) -> Iterator[Any]:
    """The portal's session; whatever a test writes is rolled back, so that the stack's board stays as it is."""  # noqa: E501
    from ckan import model

    with ckan_app.test_request_context():
        yield model.Session
        model.Session.rollback()


def facts(
    number: int, *, source: str = "test", department: str = "d1", kind: str = "demand", **more: Any
) -> Any:
    from ckanext.govdata.supervision.board.facts import Facts

    values: dict[str, Any] = {
        "key": f"{source}:{number}", "source": source, "kind": kind, "subject_id": f"s{number}",
        "rule": "demand.answer", "department": department, "holder": "provider",
        "started_at": datetime(2026, 2, 2, 9, tzinfo=CHINA), "warn_day": TODAY + timedelta(days=3),
        "due_day": TODAY + timedelta(days=9), "provisional": False, "stopped_at": None, "late": None,
    }  # fmt: skip
    return Facts(**{**values, **more})


def counted(session: Any) -> Counter[tuple[str, str, str]]:
    from ckanext.govdata.model import BoardCount

    session.flush()
    rows = session.execute(
        sa.select(BoardCount.department, BoardCount.kind, BoardCount.lamp, BoardCount.number)
    )
    return Counter({(department, kind, lamp): number for department, kind, lamp, number in rows})


def recounted(session: Any) -> Counter[tuple[str, str, str]]:
    """The same by a question of its own over the clocks."""
    rows = session.execute(
        sa.text("SELECT department, kind, lamp FROM govdata_board_clock WHERE stopped_at IS NULL")
    )
    return Counter((row.department, row.kind, row.lamp) for row in rows)


@pytest.mark.article("JS-32")
def test_the_counts_are_those_of_the_clocks_whatever_happens_to_them(session: Any) -> None:
    from ckanext.govdata.supervision.board import projection

    chance = random.Random(20260311)
    assert projection.lock(session)
    known = {n: facts(n) for n in range(60)}
    for step in range(40):
        changed = []
        for number in chance.sample(sorted(known), 12):
            day = TODAY + timedelta(days=chance.randint(-9, 9))
            known[number] = replace(
                known[number], department=chance.choice(["d1", "d2", ""]),
                kind=known[number].kind, due_day=chance.choice([day, None]), warn_day=day - timedelta(days=2),
                stopped_at=chance.choice([None, None, None, datetime(2026, 3, 10, tzinfo=CHINA)]), late=None,
            )  # fmt: skip
            changed.append(known[number])
        projection.put(session, changed, TODAY)
        if step % 10 == 9:
            projection.turn_day(session, TODAY + timedelta(days=step // 10))
        assert counted(session) == recounted(session)


@pytest.mark.article("JS-32")
def test_a_new_day_turns_the_lamps_of_clocks_that_nobody_touched(session: Any) -> None:
    from ckanext.govdata.model import BoardClock
    from ckanext.govdata.supervision.board import projection

    projection.put(session, [facts(1), facts(2, due_day=None, warn_day=None)], TODAY)

    def lamps() -> list[str]:
        query = sa.select(BoardClock.lamp).where(BoardClock.source == "test").order_by(BoardClock.key)
        return list(session.scalars(query))

    assert lamps() == ["green", "paused"]
    projection.turn_day(session, TODAY + timedelta(days=3))
    assert lamps() == ["yellow", "paused"]
    projection.turn_day(session, TODAY + timedelta(days=9))
    assert lamps() == ["yellow", "paused"], "the last day is still in time"
    projection.turn_day(session, TODAY + timedelta(days=10))
    assert lamps() == ["red", "paused"]


def test_a_clock_that_stops_stays_with_the_department_that_had_it(session: Any) -> None:
    from ckanext.govdata.model import BoardClock
    from ckanext.govdata.supervision.board import projection

    projection.put(session, [facts(1)], TODAY)
    stopped = facts(
        1, department="", holder="administrator", stopped_at=datetime(2026, 3, 10, tzinfo=CHINA), late=False
    )
    projection.put(session, [stopped], TODAY)
    row = session.scalar(sa.select(BoardClock).where(BoardClock.key == "test:1"))
    assert (row.department, row.holder, row.lamp) == ("d1", "provider", "done")
    assert not [cell for cell in counted(session) if cell[0] == "d1"]


def test_a_clock_that_its_source_has_no_more_goes_from_the_board(session: Any) -> None:
    from ckanext.govdata.supervision.board import projection

    projection.put(session, [facts(1), facts(2)], TODAY)
    assert projection.forget(session, "test", ["test:2"]) == 1
    assert counted(session)["d1", "demand", "green"] == 1


def test_a_past_week_is_counted_as_its_last_evening_was(session: Any) -> None:
    from ckanext.govdata.model import BoardWeek
    from ckanext.govdata.supervision.board import projection

    session.execute(sa.delete(BoardWeek))
    sunday = projection.past_weeks(TODAY)[-1]
    assert (sunday, sunday.isoweekday()) == (date(2026, 3, 8), 7)
    evening = datetime(2026, 3, 8, 20, tzinfo=CHINA)
    projection.put(
        session,
        [
            facts(1), facts(2, due_day=date(2026, 3, 6)),
            facts(3, stopped_at=evening - timedelta(days=1), late=False),
            facts(4, stopped_at=evening + timedelta(days=1), late=True, due_day=date(2026, 3, 7)),
            facts(5, started_at=evening + timedelta(days=1)),
        ],
        TODAY,
    )  # fmt: skip
    projection.turn_day(session, TODAY)
    found = session.execute(
        sa.select(BoardWeek.running, BoardWeek.overdue).where(
            BoardWeek.day == sunday, BoardWeek.department == "d1"
        )
    ).one()
    assert tuple(found) == (3, 2)


@pytest.mark.article("JS-32", "HB-26")
def test_a_clock_that_ran_out_is_told_once_to_its_reviewers_and_to_the_administrator(
    session: Any, site: Any, person: Any
) -> None:
    from ckan import model

    from ckanext.govdata.model import Notice
    from ckanext.govdata.notices import words
    from ckanext.govdata.supervision.board import escalation, projection

    department = model.Group.get(site.department("a")).id
    projection.put(session, [facts(1, department=department, due_day=DUE)], TODAY)
    now = datetime(2026, 3, 11, 9, tzinfo=CHINA)
    assert escalation.tell(session, now) >= 1
    told = {
        model.User.get(row.user_id).name: row
        for row in session.scalars(sa.select(Notice).where(Notice.event_id == f"late:test:1:{DUE}"))
    }
    assert {f"reviewer-{site.tag}", f"administrator-{site.tag}"} <= set(told)
    assert f"strange_reviewer-{site.tag}" not in told
    assert f"compiler-{site.tag}" not in told
    one = told[f"reviewer-{site.tag}"]
    said = words.of_step(one.kind, one.subject_id, one.action, one.state, mine=one.mine)
    assert "已超过期限" in said.zh
    assert "GII-33" in said.en
    escalation.tell(session, now)
    assert _told(session, DUE) == len(told), "once"


@pytest.mark.article("JS-32", "HB-26")
def test_a_deadline_that_was_extended_after_it_ran_out_is_told_again_when_it_runs_out_again(
    session: Any, site: Any
) -> None:
    from ckan import model

    from ckanext.govdata.supervision.board import escalation, projection

    department = model.Group.get(site.department("a")).id
    now = datetime(2026, 3, 11, 9, tzinfo=CHINA)

    def due(day: date, today: date) -> None:
        projection.put(session, [facts(1, department=department, due_day=day)], today)
        projection.turn_day(session, today)
        escalation.tell(session, now)

    due(DUE, TODAY)
    first = _told(session, DUE)
    assert first >= 2
    later = TODAY + timedelta(days=5)
    due(later, TODAY)
    assert _told(session, later) == 0, "it runs again"
    due(later, later + timedelta(days=1))
    assert _told(session, later) == first
    assert _told(session, DUE) == first
    due(later, later + timedelta(days=2))
    assert _told(session, later) == first, "once a last day"


def _told(session: Any, day: date) -> int:
    from ckanext.govdata.model import Notice

    query = sa.select(sa.func.count()).select_from(Notice).where(Notice.event_id == f"late:test:1:{day}")
    return int(session.scalar(query))


@pytest.mark.article("JS-32")
def test_a_request_is_on_the_board_and_its_answer_takes_it_off(site: Any) -> None:
    demand = site.call(
        "developer",
        "govdata_demand_create",
        title=f"充电桩位置{site.tag}",
        purpose="规划出行时查找可用的充电桩",
    ).ok()

    def running(*rules: str) -> list[dict[str, Any]]:
        """The clocks of the request on the board, once they are these; the scheduler brings them there."""

        def ask() -> dict[str, Any]:
            found = site.call("administrator", "govdata_clock_list", kind="demand", until="2100-01-01").ok()
            return {"lines": [line for line in found["results"] if line["subject"] == demand["id"]]}

        seen = site.until(ask, lambda answer: [line["rule"] for line in answer["lines"]] == [*rules])
        return list(seen["lines"])

    def step(who: str, name: str, **more: Any) -> None:
        site.call(who, "govdata_demand_step", id=demand["id"], step=name, **more).ok()

    (line,) = running("demand.moderate")
    assert (line["department"], line["path"]) == ("", f"/requests/{demand['number']}")
    step("administrator", "accept", organization=site.department("a"))
    (line,) = running("demand.answer")
    assert line["department_title"]["zh"] == f"甲局{site.tag}"
    step("reviewer", "refuse", reason="依法不予提供", basis=BASIS)
    assert running() == []


@pytest.mark.article("JS-32")
def test_officers_see_the_clocks_of_their_department_and_supervisors_all(site: Any, session: Any) -> None:
    from ckan import model

    from ckanext.govdata.supervision import sight
    from ckanext.govdata.supervision.board import present, projection

    mine, other = (model.Group.get(site.department(which)).id for which in ("a", "b"))
    projection.put(
        session, [facts(1, department=mine), facts(2, department=other), facts(3, department="")], TODAY
    )
    for who, wanted in (("compiler", {mine}), ("stranger", {other}), ("supervisor", {mine, other, ""})):
        sees = sight.departments_of(f"{who}-{site.tag}")
        found = {row["id"] for row in present.board(session, sees)["departments"]}
        assert found & {mine, other, ""} == wanted, who
        page = present.every_line(session, present.Wish(departments=sees, kind="demand"))
        assert {
            line["subject"]: line["department"] for line in page if line["subject"] in ("s1", "s2", "s3")
        } == {
            subject: place for subject, place in (("s1", mine), ("s2", other), ("s3", "")) if place in wanted
        }
    refused = site.call("developer", "govdata_clock_board")
    assert refused.status == 403


def test_the_list_goes_on_where_it_ended_standing_clocks_last(session: Any) -> None:
    from ckanext.govdata.supervision.board import present, projection

    days = [date(2026, 3, 12), date(2026, 3, 12), date(2026, 3, 10), None, None]
    projection.put(session, [facts(n, kind="test", due_day=day) for n, day in enumerate(days)], TODAY)
    found, after = [], None
    while True:
        page = present.lines(session, present.Wish(kind="test"), after=after, number=2)
        found += [line["subject"] for line in page["results"]]
        after = page["next"]
        if after is None:
            break
    assert found == ["s2", "s0", "s1", "s3", "s4"]


def test_a_cursor_or_a_lamp_that_is_none_is_refused(site: Any) -> None:
    for wrong in ({"after": "x"}, {"after": "2026-13-01|k"}, {"lamp": "blue"}, {"until": "soon"}):
        assert site.call("supervisor", "govdata_clock_list", **wrong).status == 409, wrong


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_list_is_had_as_a_file(site: Any, form: str) -> None:
    answer = httpx.get(
        f"{site.base}/supervision/clocks.{form}",
        headers={"Authorization": site.tokens["supervisor"]},
        timeout=60,
    )
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f"attachment; filename=clocks.{form}"
    if form == "csv":
        head = next(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert head[:3] == ["亮灯", "事项", "法定时限"]
    else:
        assert answer.content[:2] == b"PK"


def test_nobody_without_an_office_opens_the_pages(site: Any) -> None:
    for path in (
        "/supervision/clocks",
        "/supervision/wall",
        "/supervision/clocks.json",
        "/supervision/clocks.csv",
    ):
        assert httpx.get(site.base + path, timeout=60).status_code == 302, path
        answer = httpx.get(site.base + path, headers={"Authorization": site.tokens["developer"]}, timeout=60)
        assert answer.status_code == 403, path
