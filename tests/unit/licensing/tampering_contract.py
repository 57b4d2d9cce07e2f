"""Every way to bend the stored ledger: one value of any column, a row taken, added, doubled or exchanged.

The forger owns the database: the triggers are off. Each fault must be found and its place must be the row's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import ColumnElement, Table, delete, func, insert, select, update
from sqlalchemy.orm import Session

from licensing.core.ledger import source
from licensing.core.ledger.chain import Fault
from licensing.core.ledger.payloads import verify_payloads
from licensing.core.ledger.tiles import SIZE
from licensing.core.ledger.verify import verify
from licensing.core.ledger.witness import FileWitness, publish
from licensing.core.store.base import load_models
from licensing.ports import Context
from tests.factories.licensing_world import SettableTime
from tests.unit.licensing.ledger_contract import KEYS, LENGTH, fill, unlock

ENTRY, NODE, CHECKPOINT, PAYLOAD = (
    f"licensing_ledger_{name}" for name in ("entry", "node", "checkpoint", "payload")
)
TABLES = (ENTRY, NODE, CHECKPOINT, PAYLOAD)
Row = dict[str, Any]


def table(name: str) -> Table:
    return load_models().tables[name]


def columns() -> Iterator[tuple[str, str]]:
    for name in TABLES:
        yield from ((name, column.name) for column in table(name).columns)


def bent(value: Any) -> Any:
    """The value with one character or the number changed, so that the column still takes it."""
    if isinstance(value, int):
        return value + 1_000_003
    if isinstance(value, dict):
        return {**value, "opinion": "不同意"}
    middle = len(value) // 2
    return value[:middle] + ("1" if value[middle] != "1" else "2") + value[middle + 1 :]


def rows_of(session: Session, name: str) -> list[Row]:
    """Every row, in the order of the entries that it is about."""
    of = table(name)
    query = select(of)
    if name == PAYLOAD:
        entry = table(ENTRY)
        query = query.join(entry, entry.c.commitment == of.c.commitment).order_by(entry.c.sequence)
    else:
        query = query.order_by(*of.primary_key.columns)
    return [dict(row._mapping) for row in session.execute(query)]


def same(of: Table, row: Row) -> list[ColumnElement[bool]]:
    """That it is this row."""
    return [key == row[key.name] for key in of.primary_key.columns]


def some(rows: list[Row]) -> list[Row]:
    """The first, one in the middle, and the last."""
    return [rows[place] for place in sorted({0, len(rows) // 2, len(rows) - 1})]


def found(session: Session) -> Fault | None:
    session.expire_all()
    return verify(session, KEYS).first_fault or verify_payloads(session)


class TamperingContract:
    @pytest.fixture(autouse=True)
    def _whole(self, session: Session, time: SettableTime, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        monkeypatch.setattr(source, "CHUNK", 256)
        fill(session, time)
        assert found(session) is None
        session.commit()
        unlock(session)
        session.commit()
        yield
        assert found(session) is None, "a test has left its tampering behind"

    def places(self, session: Session, name: str, row: Row) -> tuple[int, int]:
        """First and last entry that a row is about."""
        if name == NODE:
            return (row["place"] << row["level"]) + 1, row["place"] + 1 << row["level"]
        if name == CHECKPOINT:
            before = func.max(table(name).c.size)
            query = select(before).where(table(name).c.size < row["size"])
            return (session.scalar(query) or 0) + 1, row["size"]
        if name == PAYLOAD:
            entry = table(ENTRY).c
            number = session.scalar(select(entry.sequence).where(entry.commitment == row["commitment"]))
            assert number is not None
            return number, number
        return row["sequence"], row["sequence"]

    def judge(self, session: Session, row: tuple[int, int], what: str, beyond: int = -1) -> None:
        """The fault is within the places of the row, or at ``beyond``, where the row now says that it is."""
        fault = found(session)
        session.rollback()
        assert fault is not None, f"{what} was not found"
        low, high = fault.sequence, fault.until or fault.sequence
        if beyond in (low, high):
            return
        assert low <= row[1], (what, fault, row)
        assert high >= row[0], (what, fault, row)
        assert high - low < 2 * SIZE, f"{what}: {fault} is no place"

    def test_one_changed_value_of_any_column_is_found_at_its_row(self, session: Session) -> None:
        for name, column in columns():
            of = table(name)
            for row in some(rows_of(session, name)):
                place = self.places(session, name, row)
                new = bent(row[column])
                session.execute(update(of).where(*same(of, row)).values({column: new}))
                beyond = new if (name, column) == (CHECKPOINT, "size") else -1
                self.judge(session, place, f"{name}.{column} of {place}", beyond)

    def test_a_row_that_was_taken_away_is_found(self, session: Session) -> None:
        for name in TABLES:
            rows, of = rows_of(session, name), table(name)
            for row in some(rows):
                if name == CHECKPOINT and row is not rows[-1]:
                    continue  # the next checkpoint covers what this one did: nothing is lost with it
                place = self.places(session, name, row)
                session.execute(delete(of).where(*same(of, row)))
                self.judge(session, place, f"a row of {name} deleted")

    def test_two_rows_that_changed_places_are_found(self, session: Session) -> None:
        for name in TABLES:
            rows, of = rows_of(session, name), table(name)
            kept = {key.name for key in of.primary_key.columns}
            for one in some(rows):
                at = rows.index(one)
                other = rows[at - 1] if at else rows[1]
                places = self.places(session, name, one), self.places(session, name, other)
                for row in (one, other):
                    session.execute(delete(of).where(*same(of, row)))
                for row, content in ((one, other), (other, one)):
                    session.execute(insert(of).values({**content, **{key: row[key] for key in kept}}))
                span = min(each[0] for each in places), max(each[1] for each in places)
                self.judge(session, span, f"two rows of {name} exchanged")

    def test_a_row_too_many_is_found(self, session: Session) -> None:
        for name in TABLES:
            of, row = table(name), rows_of(session, name)[-1]
            changed = {key.name for key in of.primary_key.columns} | ({"commitment"} & set(of.c.keys()))
            more = {**row, **{key: bent(row[key]) for key in changed}}
            session.execute(insert(of).values(more))
            beyond = more["size"] if name == CHECKPOINT else -1
            self.judge(session, (LENGTH, LENGTH + 1), f"a row more in {name}", beyond)

    def test_an_emptied_table_is_found(self, session: Session) -> None:
        for name in TABLES:
            session.execute(delete(table(name)))
            fault = found(session)
            session.rollback()
            assert fault is not None, name
            assert fault.sequence == 1, name

    def test_an_emptied_ledger_is_found_by_what_stands_beside_it_and_by_the_witness(
        self, session: Session, tmp_path: Path
    ) -> None:
        witness = FileWitness(tmp_path / "witness.jsonl")
        publish(session, witness)
        for name in (ENTRY, NODE, CHECKPOINT):
            session.execute(delete(table(name)))
        session.expire_all()
        assert verify_payloads(session) == Fault(1, "payload")
        session.execute(delete(table(PAYLOAD)))
        assert found(session) is None  # nothing in the database remembers
        assert verify(session, KEYS, witnesses=[witness]).first_fault == Fault(1, "behind_witness", 100)
        session.rollback()

    def test_a_changed_value_of_a_witness_is_found(self, session: Session, tmp_path: Path) -> None:
        path = tmp_path / "witness.jsonl"
        publish(session, FileWitness(path))
        lines = path.read_text().splitlines()
        for name, value in json.loads(lines[3]).items():
            changed = json.dumps({**json.loads(lines[3]), name: bent(value)})
            path.write_text("\n".join([*lines[:3], changed, *lines[4:]]) + "\n")
            fault = verify(session, KEYS, witnesses=[FileWitness(path)]).first_fault
            assert fault is not None, name
            assert fault.what.endswith(("witness", "witness_signature")), (name, fault)
            assert 301 <= fault.sequence <= 1_000_403, (name, fault)
        path.write_text("\n".join([lines[0], lines[2], lines[1], *lines[3:]]) + "\n")
        fault = verify(session, KEYS, witnesses=[FileWitness(path)]).first_fault
        assert fault == Fault(200, "witness_signature")

    def test_nothing_is_found_after_a_lawful_erasure(self, session: Session, ctx: Context) -> None:
        from licensing.core.ledger.store import erase

        assert erase(session, ctx, "case-3", "个人信息保护法第四十七条") == LENGTH // 7
        assert found(session) is None
        session.rollback()
