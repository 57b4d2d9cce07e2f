"""Killed at any moment: nothing half-made is public, and the work goes on or says why it does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from random import Random
from typing import Any

import psutil
import pytest
import sqlalchemy as sa

from tests.factories import tables

PLAIN = tables.statistics(Random(11), 40).csv()


class Killed(BaseException):
    """What a test raises where a worker would die: no handler of the worker catches it."""


def assert_nothing_is_public(site: Any, name: str) -> None:
    entry = site.call(None, "package_show", id=name).ok()
    assert entry["resources"] == []
    for path in (f"/dataset/{name}/releases/1/{name}.csv", f"/dataset/{name}/latest/{name}.csv"):
        assert site.get(path).status_code == 404
    found = site.call(None, "package_search", fq=f"name:{name}").ok()["results"]
    assert [r["num_resources"] for r in found] == [0]


def queued_publication(site: Any, session: Any, name: str) -> tuple[str, str]:
    """An approved release whose publication is queued, but told to no worker: ours is the one that dies."""
    from ckan import model

    from ckanext.govdata.model import ReleaseWork
    from ckanext.govdata.release import service

    release = site.approved(name, "统计.csv", PLAIN)
    service.publish(session, release, model.User.get(f"compiler-{site.tag}"))
    session.commit()
    return release, session.get(ReleaseWork, release).token


def let_the_lease_end(session: Any, release: str) -> None:
    session.rollback()
    session.execute(
        sa.text(
            "UPDATE govdata_release_work SET lease_until = now() - interval '1 s' WHERE release_id = :id"
        ),
        {"id": release},
    )
    session.commit()


@pytest.mark.article("SX-15")
@pytest.mark.parametrize("moment", ["_write_outputs", "_load_table", "note", "_make_public", "before_commit"])
def test_a_publication_killed_after_any_step_is_not_public_and_goes_on(
    site: Any, in_process: Any, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    from ckanext.govdata.release import catalogue_entry, jobs, publish, scheduler

    name = site.entry("killed")
    release, token = queued_publication(site, in_process, name)

    def die(*_args: Any, **_more: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        if moment == "before_commit":
            real = catalogue_entry.replace_resources

            def replaced_then_dead(*args: Any, **more: Any) -> None:
                real(*args, **more)
                raise Killed

            patch.setattr(catalogue_entry, "replace_resources", replaced_then_dead)
        else:
            patch.setattr(publish, moment, die)
        with pytest.raises(Killed):
            jobs.perform(release, token)
    in_process.rollback()
    assert_nothing_is_public(site, name)
    assert site.show(release)["state"] == "publishing"

    let_the_lease_end(in_process, release)
    scheduler.run_once(in_process)
    ended = site.settled(release)
    assert ended["state"] == "published", ended["failure"]
    assert len(site.call(None, "package_show", id=name).ok()["resources"]) == len(ended["artifacts"])


def test_a_publication_killed_after_its_commit_is_public_and_the_rest_is_made_up_for(
    site: Any, in_process: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.govdata.release import effects, jobs, scheduler

    name = site.entry("late")
    release, token = queued_publication(site, in_process, name)

    def die(*_args: Any, **_more: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(effects, "carry_out", die)
        with pytest.raises(Killed):
            jobs.perform(release, token)
    in_process.rollback()
    assert site.show(release)["state"] == "published"
    assert site.get(f"/dataset/{name}/latest/{name}.csv").status_code == 200
    scheduler.run_once(in_process)
    found = site.until(
        lambda: site.call(None, "package_search", fq=f"name:{name}").ok()["results"][0],
        lambda entry: entry["num_resources"] > 0,
    )
    assert found["num_resources"] == len(site.show(release)["artifacts"])


def test_a_publication_that_is_lost_again_and_again_ends_as_failed_and_leaves_nothing(
    site: Any, in_process: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ckanext.govdata.model import ReleaseWork
    from ckanext.govdata.release import jobs, publish, scheduler, work
    from ckanext.govdata.storage import buckets

    name = site.entry("lost")
    release, token = queued_publication(site, in_process, name)

    def die(*_args: Any, **_more: Any) -> None:
        raise Killed

    monkeypatch.setattr(publish, "_make_public", die)
    # Told to nobody but this process, so that no real worker finishes it meanwhile.
    monkeypatch.setattr(work, "dispatch", lambda *_args: None)
    for _ in range(scheduler.PUBLISH_TRIES):
        in_process.rollback()
        held = in_process.get(ReleaseWork, release, populate_existing=True)
        with pytest.raises(Killed):
            jobs.perform(release, held.token)
        let_the_lease_end(in_process, release)
        scheduler.abandoned(in_process)
    ended = site.show(release)
    assert (ended["state"], ended["failure"]["code"]) == ("failed_publish", "worker_lost")
    assert ended["failure"]["message"]["zh"]
    assert_nothing_is_public(site, name)
    assert not list(buckets.public().list(f"releases/{release}/"))
    assert token

    monkeypatch.undo()
    assert "publish" in {a["action"] for a in ended["actions"]}
    site.call("compiler", "govdata_release_publish", id=release).ok()
    assert site.settled(release)["state"] == "published"


def test_a_worker_that_comes_back_from_the_dead_writes_nothing(site: Any, in_process: Any) -> None:
    from ckanext.govdata.release import jobs, work

    name = site.entry("zombie")
    release, token = queued_publication(site, in_process, name)
    held = work.claim(release, token)
    assert held is not None
    assert work.claim(release, token) is None, "work is claimed once"
    let_the_lease_end(in_process, release)
    from ckanext.govdata.release import scheduler

    scheduler.abandoned(in_process)
    with work.Heartbeat(held) as beat, pytest.raises(work.LeaseLost):
        beat.check()
    with pytest.raises(work.LeaseLost):
        work.settle(in_process, held)
    jobs.fail(in_process, held, {"code": "late", "message": {"zh": "", "en": ""}})
    assert site.settled(release)["state"] == "published"


def test_work_that_nobody_was_told_of_is_found_again(
    site: Any, in_process: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta

    from ckanext.govdata.release import scheduler

    release, _token = queued_publication(site, in_process, site.entry("untold"))
    monkeypatch.setattr(scheduler, "UNTOLD_AFTER", timedelta(seconds=-1))
    scheduler.untold(in_process)
    assert site.settled(release)["state"] == "published"


def _workers(site: Any) -> list[psutil.Process]:
    told = subprocess.run(
        [sys.executable, "-m", "ckanext.govdata.cli", "status", "--json"],
        env={**os.environ, "GOVDATA_HOME": str(site.home)},
        capture_output=True,
        check=False,
    )
    service = next(s for s in json.loads(told.stdout)["services"] if s["name"] == "worker")
    return [psutil.Process(pid) for pid in service["pids"]]


@pytest.mark.slow
@pytest.mark.article("SX-15")
def test_killing_the_worker_in_the_middle_of_a_run_ends_as_failed_and_the_run_can_be_repeated(
    site: Any,
) -> None:
    name = site.entry("killed-run")
    table = tables.payroll(Random(13), 300_000)
    release = site.scanned(name, "工资.csv", table.csv())
    workers = _workers(site)  # asking takes longer than a run may
    site.call("compiler", "govdata_release_plan", id=release).ok()
    site.call("compiler", "govdata_release_run", id=release).ok()
    site.until(lambda: site.show(release), lambda r: bool(r["progress"] and r["progress"]["done"]))
    for process in [*workers, *(child for each in workers for child in each.children(recursive=True))]:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    ended = site.settled(release)
    assert (ended["state"], ended["failure"]["code"]) == ("failed", "worker_lost")
    assert ended["failure"]["message"]["zh"]
    assert ended["report"] is None
    assert_nothing_is_public(site, name)
    site.call("compiler", "govdata_release_run", id=release).ok()
    assert site.settled(release)["state"] == "assessed"
