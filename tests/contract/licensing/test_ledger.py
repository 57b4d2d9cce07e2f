"""The stored ledger on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from licensing.core.ledger import source
from licensing.core.ledger.sequencer import run_once
from licensing.core.ledger.store import append_pending
from licensing.core.ledger.witness import FileWitness, publish
from tests.factories.licensing_world import SettableTime
from tests.unit.licensing.ledger_contract import KEYS, LENGTH, SIGNER, LedgerContract, fill, verify


class TestOnPostgres(LedgerContract):
    def test_only_one_sequencer_works_at_a_time(
        self, engine: Engine, session: Session, time: SettableTime
    ) -> None:
        append_pending(session, "k", "s", {}, at=time.now())
        session.commit()
        with Session(engine) as other:
            assert run_once(session, SIGNER, time) is not None
            assert run_once(other, SIGNER, time) is None
            session.commit()
            append_pending(other, "k", "s", {}, at=time.now())
            assert run_once(other, SIGNER, time) is not None
            other.commit()
        assert verify(session, KEYS).size == 2

    def test_a_transaction_that_commits_late_is_not_lost(
        self, engine: Engine, session: Session, time: SettableTime
    ) -> None:
        with Session(engine) as slow:
            late = append_pending(slow, "k", "slow", {}, at=time.now())
            append_pending(session, "k", "fast", {}, at=time.now())
            session.commit()
            batch = run_once(session, SIGNER, time)
            session.commit()
            assert batch is not None
            assert batch.last == 1
            slow.commit()
        batch = run_once(session, SIGNER, time)
        session.commit()
        assert batch is not None
        assert batch.last == 2
        assert late
        assert verify(session, KEYS).holds

    def test_a_ledger_that_grows_meanwhile_is_judged_as_it_was_at_one_moment(
        self,
        engine: Engine,
        session: Session,
        time: SettableTime,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        fill(session, time)
        witness = FileWitness(tmp_path / "witness.jsonl")
        publish(session, witness)
        session.commit()
        read = source.chunks

        def meanwhile(given: Session) -> Iterator[str]:
            for lines in read(given):
                with Session(engine) as other:
                    append_pending(other, "k", "s", {}, at=time.now())
                    assert run_once(other, SIGNER, time) is not None
                    other.commit()
                    publish(other, witness)
                yield lines

        monkeypatch.setattr(source, "chunks", meanwhile)
        found = verify(session, KEYS, witnesses=[witness])
        assert (found.first_fault, found.size, found.witnessed) == (None, LENGTH, 7)
        session.commit()
        monkeypatch.setattr(source, "chunks", read)
        assert verify(session, KEYS, witnesses=[witness]).size == LENGTH + 3
