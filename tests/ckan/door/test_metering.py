"""Each answered call is on record before its answer; a quota is one over all processes; revoked is dead."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
import sqlalchemy as sa

from tests.ckan.door.conftest import Provided
from tests.ckan.door.test_adversary import outcomes
from tests.factories import door_world
from tests.factories.door_world import Holder


@pytest.mark.article("HB-24")
def test_a_quota_of_calls_is_kept_over_all_processes(
    granted: Callable[..., Holder], here: Any, provided: Provided
) -> None:
    holder = granted(quota={"calls_per_day": 7})
    answers = []
    for _ in range(12):
        # A connection of its own each time, so that every process of the web server is asked.
        with httpx.Client(timeout=60) as client:
            holder.http = client
            answers.append(holder.get(f"{provided.name}/records", {"limit": 1}).status_code)
    assert answers == [200] * 7 + [429] * 5
    assert sorted(outcomes(holder, here)) == [""] * 7 + ["quota"] * 5


def at_once(number: int, holder: Holder, ask: Callable[[Holder], httpx.Response]) -> list[httpx.Response]:
    """So many calls of one grant at the same moment, each on a connection of its own."""
    start, answers = threading.Barrier(number), []

    def caller() -> None:
        with httpx.Client(timeout=60) as client:
            mine = Holder(holder.base, holder.grant, holder.agreement, holder.token, http=client)
            start.wait()
            answers.append(ask(mine))

    threads = [threading.Thread(target=caller) for _ in range(number)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return answers


@pytest.mark.article("HB-24")
def test_fifty_calls_at_once_do_not_overshoot_a_quota_of_calls(
    granted: Callable[..., Holder], here: Any, provided: Provided
) -> None:
    holder = granted(quota={"calls_per_day": 20})
    asked = lambda mine: mine.get(f"{provided.name}/records", {"limit": 1})  # noqa: E731
    answers = at_once(50, holder, asked)
    assert sorted(each.status_code for each in answers) == [200] * 20 + [429] * 30
    assert sorted(outcomes(holder, here)) == [""] * 20 + ["quota"] * 30
    assert asked(holder).status_code == 429


def test_fifty_calls_at_once_share_the_rows_of_a_quota_to_the_last(
    granted: Callable[..., Holder], provided: Provided
) -> None:
    holder = granted(quota={"rows_per_month": 1_000})
    answers = at_once(50, holder, lambda mine: mine.get(f"{provided.name}/records", {"limit": 30}))
    given = [len(each.json()["records"]) for each in answers if each.status_code == 200]
    assert sorted(given) == [10] + [30] * 33
    assert {each.status_code for each in answers} == {200, 429}


def test_of_files_that_are_made_at_once_only_so_many_leave_as_the_quota_holds(
    granted: Callable[..., Holder], provided: Provided
) -> None:
    from ckanext.govdata.door import register

    holder = granted(quota={"rows_per_day": 5_000})  # two files of 2,400 rows, and not a third
    answers = at_once(6, holder, lambda mine: mine.get(f"{provided.name}/download.csv"))
    assert sorted(each.status_code for each in answers) == [200] * 2 + [429] * 4
    left = {each.headers["Data-Download"] for each in answers if each.status_code == 200}
    with register.settings.owner().connect() as connection:
        query = sa.text("SELECT id FROM door.download WHERE grant_id = :grant")
        assert set(connection.execute(query, {"grant": holder.grant}).scalars()) == left


def test_sql_over_two_data_counts_for_both_and_stays_within_the_quota(
    granted: Callable[..., Holder], provided: Provided, other: Provided
) -> None:
    holder = granted({"id": other.id, "fields": ["地区"]}, quota={"rows_per_day": 101})
    asked = f'SELECT a."地区" FROM "{provided.name}" AS a, "{other.name}" AS b'  # noqa: S608
    answer = holder.sql(asked).json()
    assert (len(answer["rows"]), answer["more"]) == (50, True)
    assert len(holder.get(f"{provided.name}/records").json()["records"]) == 1
    assert holder.sql(asked).status_code == 429


def test_rows_and_bytes_are_bounded_in_the_middle_of_a_quota(
    granted: Callable[..., Holder], here: Any, provided: Provided
) -> None:
    holder = granted(quota={"rows_per_day": 150})
    assert len(holder.get(f"{provided.name}/records", {"limit": 100}).json()["records"]) == 100
    assert holder.get(f"{provided.name}/download.csv").status_code == 429
    assert len(holder.get(f"{provided.name}/records", {"limit": 100}).json()["records"]) == 50
    assert holder.get(f"{provided.name}/records", {"limit": 100}).status_code == 429
    small = granted(quota={"bytes_per_month": 2_000})
    assert small.get(f"{provided.name}/download.csv").status_code == 429
    assert small.get(f"{provided.name}/records", {"limit": 1}).status_code == 200


@pytest.mark.article("HB-24")
def test_a_key_is_dead_within_a_second_of_its_revocation(
    granted: Callable[..., Holder], here: Any, provided: Provided
) -> None:
    holder = granted()
    for _ in range(4):
        assert holder.get(f"{provided.name}/records", {"limit": 1}).status_code == 200
    door_world.revoke(here, holder)
    begun = time.monotonic()
    answers = [holder.get(f"{provided.name}/records", {"limit": 1}) for _ in range(4)]
    answers += [holder.get(f"{provided.name}/download.csv"), holder.sql(f'SELECT * FROM "{provided.name}"')]  # noqa: S608
    assert [each.status_code for each in answers] == [403] * 6
    assert {each.json()["code"] for each in answers} == {"not_active"}
    assert begun < time.monotonic()


@pytest.mark.article("HB-26")
def test_no_acknowledged_call_is_lost_when_workers_are_killed_in_the_middle(
    site: Any, granted: Callable[..., Holder], here: Any, provided: Provided
) -> None:
    holder, acknowledged, stop = granted(), [], threading.Event()

    def caller() -> None:
        with httpx.Client(timeout=30) as client:
            mine = Holder(holder.base, holder.grant, holder.agreement, holder.token, http=client)
            while not stop.is_set():
                try:
                    answer = mine.get(f"{provided.name}/records", {"limit": 1})
                except httpx.HTTPError:
                    continue
                if answer.status_code == 200:
                    acknowledged.append(answer.headers["Data-Call"])

    threads = [threading.Thread(target=caller) for _ in range(6)]
    for each in threads:
        each.start()
    try:
        for _ in range(2):
            wanted = len(acknowledged) + 40
            door_world.eventually(lambda: len(acknowledged), lambda n, w=wanted: n >= w)
            _kill_a_worker(site)
        wanted = len(acknowledged) + 40
        door_world.eventually(lambda: len(acknowledged), lambda n: n >= wanted)
    finally:
        stop.set()
        for each in threads:
            each.join()
    assert len(acknowledged) >= 120
    assert set(acknowledged) <= recorded(holder, here)


def recorded(holder: Holder, here: Any) -> set[str]:
    """Ids of the calls that the meters or the database hold."""
    from ckanext.govdata.door import register
    from licensing.usage.models import UsageCall

    found: set[str] = set()
    with here.session() as session:
        for path in register.folder().iterdir():
            lines = path.read_bytes().splitlines(keepends=True) if path.suffix in {".open", ".ready"} else []
            # A half line was never acknowledged.
            found |= {json.loads(line)["id"] for line in lines if line.endswith(b"\n")}
        found |= set(session.scalars(sa.select(UsageCall.id).where(UsageCall.grant_id == holder.grant)))
    return found


def _kill_a_worker(site: Any) -> None:
    port = str(site.base.rpartition(":")[2])
    (master,) = [
        each for each in psutil.process_iter(["cmdline"])
        if f":{port}" in " ".join(each.info["cmdline"] or ()) and "gunicorn" in " ".join(each.info["cmdline"])
        and each.parent() is not None and "gunicorn" not in " ".join(each.parent().cmdline())
    ]  # fmt: skip
    os.kill(master.children()[0].pid, signal.SIGKILL)


def test_a_part_of_a_file_names_its_grant_by_the_command(
    granted: Callable[..., Holder], provided: Provided, tmp_path: Path
) -> None:
    holder, stranger = granted(), granted()
    content = holder.get(f"{provided.name}/download.csv").content.decode("utf-8-sig")
    assert stranger.get(f"{provided.name}/download.csv").status_code == 200
    header, *lines = content.splitlines(keepends=True)
    part = tmp_path / "part.csv"
    part.write_text(header + "".join(lines[777:1_777]), encoding="utf-8")
    command = [sys.executable, "-m", "ckanext.govdata.cli", "door", "trace", str(part), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert [each["grant"] for each in told["grants"]] == [holder.grant]
    assert told["downloads"] == []
    part.write_text(header + "".join(sorted(lines)[:1_000]), encoding="utf-8")
    assert subprocess.run(command, capture_output=True, text=True, check=False).returncode == 6
