"""``licensing serve`` under load on PostgreSQL, with a worker killed in the middle: nothing that was
acknowledged is lost, nothing half-written is seen, and the ledger verifies."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from licensing.applications.models import Case, CaseItem
from licensing.core.ledger.checkpoint import Ed25519Signer
from licensing.core.ledger.models import LedgerEntry, PendingEntry
from licensing.core.store.clocks import StoredClock
from licensing.core.store.events import StepEvent
from licensing.local.time import SystemTime
from licensing.local.tokens import issue
from tests.factories.licensing_http import ROOT
from tests.factories.licensing_world import SettableTime, populate
from tests.factories.signers import SigningWorld

CLIENTS, EACH = 20, 3
ATTEMPTS = 60
DRAFT = {
    "items": [{"dataset": "parking", "fields": ["place"]}],
    "purpose": "停车诱导", "grounds": "履行城市交通管理职责", "system": "交通诱导系统",
}  # fmt: skip
BODY = {"kind": "sharing", "applicant_kind": "department", "applicant_id": "d-health", "draft": DRAFT}


@dataclass
class Served:
    """A running server: where it listens, its process, and the environment of its commands."""

    process: subprocess.Popen[str]
    environment: dict[str, str]
    port: int
    token: str

    def workers(self) -> list[int]:
        """The arbiter's children that are no sequencer."""
        found = []
        for each in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = each.read_text().rpartition(")")[2].split()
                line = (each.parent / "cmdline").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if fields[0] != "Z" and int(fields[1]) == self.process.pid and b"--with-parent" not in line:
                found.append(int(each.parent.name))
        return sorted(found)

    def send(self, path: str, body: Any, key: str) -> tuple[int, dict[str, Any]]:
        """One write; sent again with the same key when nothing came back."""
        headers = {
            "Authorization": f"Bearer {self.token}", "Content-Type": "application/json", "If-Match": "*",
            "Idempotency-Key": key,
        }  # fmt: skip
        for _ in range(ATTEMPTS):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                connection.request("POST", ROOT + path, json.dumps(body), headers)
                answer = connection.getresponse()
                content = json.loads(answer.read())
            except (http.client.HTTPException, OSError):
                continue
            finally:
                connection.close()
            if answer.status != 503:
                return answer.status, content
        raise AssertionError("no answer came at all")


@contextmanager
def serving(address: str, engine: Engine, folder: Path, *more: str) -> Iterator[Served]:
    """Migrated, populated, with a token of the health department's applicant."""
    SigningWorld(folder / "ca", SettableTime())
    signer = Ed25519Signer.generate()
    (folder / "checkpoint.pub").write_bytes(signer.public_pem())
    with Session(engine) as session, session.begin():
        populate(session)
        token, _ = issue(session, SystemTime(), "u-applicant", label="test", valid=timedelta(days=1))
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("LICENSING_")},
        "LICENSING_DATABASE": address,
        "LICENSING_STORAGE": str(folder / "objects"),
        "LICENSING_RULES": "hubei",
        "LICENSING_CA": str(folder / "ca"),
        "LICENSING_LEDGER_KEY": signer.private_text(),
        "LICENSING_LEDGER_PUBLIC": str(folder / "checkpoint.pub"),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "licensing.cli", "serve", "--bind", "127.0.0.1:0", "--json", *more],
        env=environment, cwd=folder, stdout=subprocess.PIPE, stderr=(folder / "server.log").open("w"),
        text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        port = int(told["listening"][0].rpartition(":")[2])
        yield Served(process, environment, port, token)
    finally:
        process.terminate()
        try:
            process.wait(timeout=60)
        finally:
            process.kill()


@dataclass
class Clients:
    """Twenty clients that create and submit cases at once, and what they were told."""

    served: Served
    acknowledged: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    half: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        threads = [threading.Thread(target=self._one) for _ in range(CLIENTS)]
        for each in threads:
            each.start()
        assert self.half.wait(120)
        victim = self.served.workers()[0]
        os.kill(victim, signal.SIGKILL)
        for each in threads:
            each.join(timeout=300)
        assert not any(each.is_alive() for each in threads)
        assert victim not in self.served.workers()

    def _one(self) -> None:
        try:
            for _ in range(EACH):
                status, case = self.served.send("/cases", BODY, str(uuid.uuid4()))
                self._note(status == 201, f"created: {status} {case}")
                status, case = self.served.send(f"/cases/{case['id']}/submit", {}, str(uuid.uuid4()))
                self._note(status == 200, f"submitted: {status} {case}", case)
        except Exception as error:  # noqa: BLE001  a thread's fault is the test's
            self._note(False, repr(error))
        finally:
            if len(self.faults):
                self.half.set()

    def _note(self, good: bool, fault: str, case: dict[str, Any] | None = None) -> None:
        with self._lock:
            if not good:
                self.faults.append(fault)
            elif case is not None:
                self.acknowledged[case["id"]] = case["status"]
            if len(self.acknowledged) >= CLIENTS * EACH // 3:
                self.half.set()


def licensing(served: Served, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "licensing.cli", *arguments], env=served.environment, capture_output=True,
        text=True, check=False,
    )  # fmt: skip


@pytest.mark.article("HB-22")
def test_a_killed_worker_loses_nothing_that_was_acknowledged(
    address: str, engine: Engine, tmp_path: Path
) -> None:
    options = ("--workers", "3", "--threads", "4", "--sequencer", "--witness", str(tmp_path / "witness"))
    with serving(address, engine, tmp_path, *options) as served:
        clients = Clients(served)
        clients.run()
        clients.acknowledged[chained(served, engine)] = "draft"
        assert running(tmp_path)
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(timeout=60) == 0
    assert running(tmp_path) == []
    assert clients.faults == []
    assert len(clients.acknowledged) == CLIENTS * EACH + 1
    with Session(engine) as session:
        cases = {each.id: each for each in session.scalars(select(Case))}
        # Every one that was acknowledged, and no second one for a request that was sent twice.
        assert {case: each.status for case, each in cases.items()} == clients.acknowledged
        submitted = {case for case, each in cases.items() if each.status != "draft"}
        assert set(session.scalars(select(CaseItem.case_id))) == set(cases)
        assert set(session.scalars(select(StoredClock.subject_id))) == submitted
        events: dict[str, list[str]] = {}
        for event in session.scalars(select(StepEvent).order_by(StepEvent.number)):
            events.setdefault(event.subject_id, []).append(event.action)
        for case, each in cases.items():
            steps = ["create"] if each.status == "draft" else ["create", "submit"]
            assert (events[case], each.version) == (steps, len(steps))
    done = licensing(served, "sequencer", "--once", "--witness", str(tmp_path / "witness"))
    assert done.returncode == 0, done.stderr
    verified = licensing(served, "verify-ledger", "--witness", str(tmp_path / "witness"), "--json")
    assert verified.returncode == 0, verified.stdout + verified.stderr
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(PendingEntry)) == 0
        commitments = set(session.scalars(select(LedgerEntry.commitment)))
        assert commitments >= set(session.scalars(select(StepEvent.commitment)))


def chained(served: Served, engine: Engine) -> str:
    """Send one request again and again until the sequencer beside the server has chained something; the id of
    the one case that it made."""
    key = str(uuid.uuid4())
    for _ in range(50 * ATTEMPTS):
        status, case = served.send("/cases", BODY, key)
        assert status == 201
        with Session(engine) as session:
            if session.scalar(select(func.count()).select_from(LedgerEntry)):
                return str(case["id"])
    raise AssertionError("nothing was chained")


def running(folder: Path) -> list[bytes]:
    """Command lines of processes that were started for ``folder``."""
    lines = [each.read_bytes() for each in Path("/proc").glob("[0-9]*/cmdline") if _readable(each)]
    return [line for line in lines if str(folder).encode() in line]


def _readable(path: Path) -> bool:
    try:
        path.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return True


def test_more_threads_than_connections_are_refused_before_anything_listens(
    address: str, engine: Engine, tmp_path: Path
) -> None:
    environment = {
        **os.environ, "LICENSING_DATABASE": address, "LICENSING_STORAGE": str(tmp_path),
        "LICENSING_RULES": "hubei", "LICENSING_CA": str(tmp_path / "ca"), "LICENSING_POOL": "2",
    }  # fmt: skip
    SigningWorld(tmp_path / "ca", SettableTime())
    done = subprocess.run(
        [sys.executable, "-m", "licensing.cli", "serve", "--threads", "4"], env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "LICENSING_POOL" in done.stderr
