"""The whole trail of a dataset or a case: complete, in order, proved, for the administrator and auditors."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from tests.stack import Stack

DATASET = "parking-lots"
PAGE = f"/supervision/life-cycle/dataset/{DATASET}"
EVENTS = 5_000


def told(stack: Stack, who: str = "auditor", **asked: Any) -> Any:
    return stack.action(who, "govdata_life_cycle", **{"kind": "dataset", "id": DATASET, **asked})


@pytest.fixture(scope="module")
def whole(stack: Stack) -> dict[str, Any]:
    return dict(told(stack, whole=True))


@pytest.fixture(scope="module")
def auditor(stack: Stack) -> Iterator[httpx.Client]:
    with closing(stack.browser("auditor")) as session:
        yield session


@pytest.mark.article("SX-20")
@pytest.mark.article("HB-28")
@pytest.mark.article("JS-8")
def test_the_trail_goes_from_the_raw_file_to_the_product_in_time_order(whole: dict[str, Any]) -> None:
    lines = whole["results"]
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)
    steps = {(line["kind"], line["action"]) for line in lines}
    assert {
        ("entry", "create"), ("release", "receive"), ("release", "scanned"), ("release", "plan"),
        ("release", "assessed"),
        ("release", "sign_off"), ("release", "approve"), ("release", "published"),
        ("development", "submit"), ("development", "approve"), ("agreement", "create"), ("document", "sign"),
        ("filing", "accept"), ("grant", "activate"), ("product", "list"),
    } <= steps  # fmt: skip
    assert {field["field"] for field in whole["basis"]} >= {"collection_basis", "open_type"}
    assert all(one["raw"] == "destroyed" for one in whole["sealed"])


def test_every_step_of_the_library_names_its_entry_of_the_ledger(stack: Stack, whole: dict[str, Any]) -> None:
    proved = [line["ledger"] for line in whole["results"] if line["ledger"]]
    chained = [entry for entry in proved if entry["sequence"] is not None]
    assert chained
    assert len({entry["sequence"] for entry in chained}) == len(chained)
    assert all(len(entry[name]) == 64 for entry in chained for name in ("commitment", "sha256", "sm3"))
    assert whole["checkpoint"]["size"] >= max(entry["sequence"] for entry in chained)
    agreements = {line["subject"] for line in whole["results"] if line["kind"] == "agreement"}
    assert agreements
    for agreement in agreements:
        history = stack.client("administrator").get(
            f"/api/licensing/v1/subjects/agreement/{agreement}/history"
        )
        mine = [line["action"] for line in whole["results"] if line["subject"] == agreement]
        assert mine == [event["action"] for event in history.json()]


def test_a_page_and_the_next_are_the_whole_and_filters_keep_what_they_say(
    stack: Stack, whole: dict[str, Any]
) -> None:
    everything = [(line["at"], line["subject"], line["action"]) for line in whole["results"]]
    picture = told(stack)["picture"]
    assert sum(part["count"] for part in picture["phases"]) == len(everything)
    by_phase: list[Any] = []
    for part in picture["phases"]:
        found = told(stack, whole=True, phase=part["id"])["results"]
        assert {line["phase"] for line in found} <= {part["id"]}
        assert len(found) == part["count"]
        assert sum(mark["count"] for mark in part["marks"]) == part["count"]
        by_phase += [(line["at"], line["subject"], line["action"]) for line in found]
    assert sorted(by_phase) == sorted(everything)
    today = datetime.now(timezone(timedelta(hours=8))).date()
    later = (today + timedelta(days=1)).isoformat()
    assert told(stack, whole=True, since=later)["results"] == []
    assert len(told(stack, whole=True, until=today.isoformat())["results"]) == len(everything)
    own = told(stack, whole=True, actor="demo-administrator")["results"]
    assert {line["actor"]["zh"] for line in own} == {"卫东明"}


def test_nobody_but_officers_is_named_and_what_others_wrote_is_not_repeated(
    stack: Stack, whole: dict[str, Any], auditor: httpx.Client
) -> None:
    outsiders = [line for line in whole["results"] if line["actor"]["zh"] == "申请方或者公众"]
    assert outsiders
    assert {line["reason"] for line in outsiders} == {""}
    shown = auditor.get(PAGE).text + auditor.get(f"{PAGE}/trail.json").text
    for name in ("demo-developer", "程序", "demo-partner", "柯惠"):
        assert name not in shown, name
    assert "路遥" in shown, "who compiled answers for it by name"


@pytest.mark.parametrize("who", ["compiler", "reviewer", "supervisor", "developer"])
def test_the_trail_is_for_the_administrator_and_auditors(stack: Stack, who: str) -> None:
    with stack.client(who) as client:
        for action, asked in (
            ("govdata_life_cycle", {"kind": "dataset", "id": DATASET}),
            ("govdata_life_cycle_find", {"q": "x"}),
        ):  # fmt: skip
            assert client.get(f"/api/3/action/{action}", params=asked).status_code == 403
    with closing(stack.browser(who)) as browser:
        for path in (PAGE, f"{PAGE}/trail.csv", f"{PAGE}/trail.json", "/supervision/life-cycle"):
            assert browser.get(path).status_code == 403, path


def test_who_has_not_logged_in_is_sent_to_the_login(stack: Stack) -> None:
    with httpx.Client(base_url=stack.base_url) as nobody:
        assert nobody.get(PAGE).status_code == 302


def test_the_page_and_its_files_hold_the_same_lines(auditor: httpx.Client, whole: dict[str, Any]) -> None:
    page = auditor.get(PAGE)
    assert page.status_code == 200
    assert "公共停车场基本信息" in page.text
    assert "no-store" in page.headers["Cache-Control"]
    table = list(csv.reader(io.StringIO(auditor.get(f"{PAGE}/trail.csv").content.decode("utf-8-sig"))))
    assert len(table) == len(whole["results"]) + 1
    numbers = [row[8] for row in table[1:] if row[8]]
    assert numbers == [str(line["ledger"]["sequence"]) for line in whole["results"] if line["ledger"]]
    assert auditor.get(f"{PAGE}/trail.xlsx").content[:2] == b"PK"
    assert auditor.get(f"{PAGE}/trail.json").json()["results"] == whole["results"]
    assert "Life cycle" in auditor.get(f"/en{PAGE}").text


def test_a_case_is_found_by_its_number_and_shows_what_followed_from_it(
    stack: Stack, auditor: httpx.Client, whole: dict[str, Any]
) -> None:
    case = next(line["subject"] for line in whole["results"] if line["kind"] == "development")
    of_case = told(stack, kind="case", id=case, whole=True)["results"]
    assert {line["kind"] for line in of_case} >= {"development", "agreement", "document", "filing", "grant"}
    assert "release" not in {line["kind"] for line in of_case}
    agreement = next(line["subject"] for line in of_case if line["kind"] == "agreement")
    release = next(line["subject"] for line in whole["results"] if line["kind"] == "release")
    for wanted in (case, agreement, release):
        went = auditor.get("/supervision/life-cycle", params={"q": wanted})
        assert went.url.path.endswith(f"/case/{wanted}"), "one answer is opened at once"
    assert (
        "没有这个名称或者编号" in auditor.get("/supervision/life-cycle", params={"q": "没有这样的数据"}).text
    )
    assert DATASET in auditor.get("/supervision/life-cycle", params={"q": "停车"}).text


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"id": "no-such-dataset"}, 404), ({"kind": "case"}, 404), ({"kind": "other"}, 404),
        ({"phase": "other"}, 409), ({"since": "yesterday"}, 409), ({"after": "x"}, 409),
        ({"after": "2026-01-01T00:00:00|l"}, 409),
    ],
)  # fmt: skip
def test_a_wrong_question_is_told_as_one(stack: Stack, asked: dict[str, str], status: int) -> None:
    with stack.client("auditor") as client:
        wanted = {"kind": "dataset", "id": DATASET, **asked}
        assert client.get("/api/3/action/govdata_life_cycle", params=wanted).status_code == status


def test_no_line_of_a_long_case_is_lost_or_doubled_between_pages(in_process: Any) -> None:
    """Many steps at one moment: the cursor tells them apart."""
    import sqlalchemy as sa

    from ckanext.govdata.licensing_ports.setup import setup
    from ckanext.govdata.supervision.trail import lines, scope
    from licensing.applications.models import Case
    from licensing.core.store.events import StepEvent

    with setup().session() as library:
        case = library.scalars(sa.select(Case.id).limit(1)).one()
        at = datetime(2026, 3, 2, tzinfo=timezone.utc)
        made = [
            {
                "id": f"long-{number:05d}", "kind": "development", "subject_id": case,
                "number": 10_000 + number,
                "action": "say", "source": "accepted", "target": "accepted", "actor": "system",
                "at": at + timedelta(minutes=number // 7), "reason": "", "commitment": f"{number:064x}",
            }
            for number in range(EVENTS)
        ]  # fmt: skip
        library.execute(sa.insert(StepEvent), made)
        where = lines.Databases(in_process, library)
        found = scope.of_case(in_process, library, case)
        assert found is not None
        read = [row.commitment for row in lines.every(where, found, lines.Wish())]
        library.rollback()
    assert len(read) == len(set(read))
    assert {each["commitment"] for each in made} <= set(read)
