"""``licensing jobs``: recorded calls come into the database, and what has ended is closed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner
from sqlalchemy.orm import Session

from licensing.cli import main
from licensing.core.store.events import history
from licensing.grants.models import Grant
from licensing.usage.meter import Meter
from tests.factories.grant_world import active, call
from tests.factories.licensing_world import START, SettableTime, make_context, populate, sqlite_engine


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[dict[str, str]]:
    with time_machine.travel(START, tick=False):
        yield {
            "LICENSING_DATABASE": f"sqlite:///{tmp_path / 'licensing.db'}",
            "LICENSING_STORAGE": str(tmp_path / "objects"),
            "LICENSING_RULES": "hubei",
            "LICENSING_METER": str(tmp_path / "meter"),
        }


def test_one_round_brings_in_calls_and_closes_what_has_ended(machine: dict[str, str], tmp_path: Path) -> None:
    engine, clock, folder = sqlite_engine(tmp_path / "licensing.db"), SettableTime(), tmp_path / "meter"
    with Session(engine, expire_on_commit=False) as session, session.begin():
        populate(session)
        grant = active(session, make_context(session, tmp_path / "objects", clock))
    meter = Meter(folder)
    call(meter, grant, clock.now())
    meter.close()
    (folder / "broken.ready").write_bytes(b"not a call\n")

    def run() -> dict[str, int]:
        done = CliRunner().invoke(main, ["jobs", "--once", "--json"], env=machine)
        assert done.exit_code == 0, done.output
        told: dict[str, int] = json.loads(done.output)
        return told

    assert run() == {"calls": 1, "damaged": 1, "grants": 0, "filings": 0, "agreements": 0, "forwarded": 0}
    assert [each.suffix for each in folder.iterdir()] == [".damaged"]
    with time_machine.travel(START.replace(year=START.year + 3), tick=False):
        assert run() == {"calls": 0, "damaged": 0, "grants": 1, "filings": 0, "agreements": 0, "forwarded": 0}
    with Session(engine) as session:
        assert session.get_one(Grant, grant.id).status == "expired"
        assert history(session, grant.id)[-1].actor == "system"
    engine.dispose()


def test_without_a_folder_of_a_meter_the_other_jobs_are_done(machine: dict[str, str], tmp_path: Path) -> None:
    sqlite_engine(tmp_path / "licensing.db").dispose()
    without: dict[str, str | None] = {**machine, "LICENSING_METER": None}
    done = CliRunner().invoke(main, ["jobs", "--once"], env=without)
    assert (done.exit_code, done.output) == (
        0,
        "calls=0 damaged=0 grants=0 filings=0 agreements=0 forwarded=0\n",
    )
