"""What the stored ledger must hold on every database, and which tampering it must find."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, insert, select, text
from sqlalchemy.orm import Session

from licensing.core.errors import Conflict, InvalidInput, LedgerBroken, NotFound, NotPermitted
from licensing.core.ledger import merkle, offline_verify, source
from licensing.core.ledger import verify as verifying
from licensing.core.ledger.chain import Fault
from licensing.core.ledger.checkpoint import Checkpoint, Ed25519Signer, TrustedKeys, signed
from licensing.core.ledger.export import export
from licensing.core.ledger.models import APPEND_ONLY, LedgerEntry, LedgerPayload, PendingEntry
from licensing.core.ledger.payloads import verify_payloads
from licensing.core.ledger.receipt import extension, receipt
from licensing.core.ledger.sequencer import Batch, last_checkpoint, run_once
from licensing.core.ledger.store import append_pending, as_entry, erase, find
from licensing.core.ledger.verify import Verdict, verify
from licensing.core.ledger.witness import FileWitness, StorageWitness, publish
from licensing.core.store.base import load_models
from licensing.core.store.events import history
from licensing.local.storage import FolderStorage
from licensing.ports import Context
from tests.factories.errands import make_table, new_errand
from tests.factories.licensing_world import SettableTime, principal

SIGNER = Ed25519Signer.generate()
KEYS = TrustedKeys([SIGNER.public_pem()])
LENGTH, BATCHES = 700, 7


def fill(session: Session, time: SettableTime, count: int = LENGTH, batches: int = BATCHES) -> list[str]:
    """Entries in several batches, committed; their commitments."""
    made: list[str] = []
    for batch in range(batches):
        for number in range(count // batches):
            payload = {"opinion": "同意", "number": number}
            made.append(append_pending(session, "case.decided", f"case-{batch}", payload, at=time.now()))
            time.forward(seconds=1)
        session.commit()
        assert run_once(session, SIGNER, time) is not None
        session.commit()
    return made


def unlock(session: Session) -> None:
    """What somebody who owns the database can do: take the triggers away."""
    if session.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
    else:
        names = session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
        for name in names:
            session.execute(text(f"DROP TRIGGER {name}"))


def flip(digit: str) -> str:
    return "0" if digit != "0" else "1"


def change_a_byte(session: Session) -> None:
    row = session.execute(text("SELECT commitment FROM licensing_ledger_entry WHERE sequence = 317")).scalar()
    bent = str(row)[:-1] + flip(str(row)[-1])
    session.execute(
        text("UPDATE licensing_ledger_entry SET commitment = :c WHERE sequence = 317"), {"c": bent}
    )


def change_the_time(session: Session) -> None:
    session.execute(
        text("UPDATE licensing_ledger_entry SET at = replace(at, '2026', '2025') WHERE sequence = 317")
    )


def delete_one(session: Session) -> None:
    session.execute(text("DELETE FROM licensing_ledger_entry WHERE sequence = 317"))


def delete_the_first(session: Session) -> None:
    session.execute(text("DELETE FROM licensing_ledger_entry WHERE sequence = 1"))


def delete_the_end(session: Session) -> None:
    session.execute(text("DELETE FROM licensing_ledger_entry WHERE sequence > 650"))


def reorder(session: Session) -> None:
    for old, new in ((317, 0), (318, 317), (0, 318)):
        session.execute(
            text("UPDATE licensing_ledger_entry SET sequence = :new WHERE sequence = :old"),
            {"new": new, "old": old},
        )


def insert_in_between(session: Session) -> None:
    session.execute(text("UPDATE licensing_ledger_entry SET sequence = -sequence - 1 WHERE sequence >= 317"))
    session.execute(text("UPDATE licensing_ledger_entry SET sequence = -sequence WHERE sequence < 0"))
    forged(session, 317)


def forged(session: Session, sequence: int) -> None:
    """An entry of a forger who knows the format and chains it rightly to the one before."""
    from licensing.core.ledger.chain import Links, link
    from licensing.core.ledger.entry import Entry

    before = session.get(LedgerEntry, sequence - 1)
    assert before is not None
    entry = Entry(sequence, as_entry(before).at, "case.decided", "case-x", b"\x07" * 32)
    links = link(entry, Links(bytes.fromhex(before.sha256), bytes.fromhex(before.sm3)))
    session.execute(
        text("INSERT INTO licensing_ledger_entry VALUES (:n, :at, :k, :s, :c, :a, :b)"),
        {
            "n": sequence, "at": before.at, "k": entry.kind, "s": entry.subject,
            "c": entry.commitment.hex(), "a": links.sha256.hex(), "b": links.sm3.hex(),
        },
    )  # fmt: skip


def append_unsigned(session: Session) -> None:
    forged(session, LENGTH + 1)


def change_only_sm3(session: Session) -> None:
    session.execute(text("UPDATE licensing_ledger_entry SET sm3 = sha256 WHERE sequence = 317"))


def split_a_field(session: Session) -> None:
    session.execute(
        text("UPDATE licensing_ledger_entry SET kind = :k WHERE sequence = 317"), {"k": "case\tdecided\nx"}
    )


def change_a_node(session: Session) -> None:
    session.execute(text("UPDATE licensing_ledger_node SET sm3 = sha256 WHERE level = 8 AND place = 1"))


def delete_a_node(session: Session) -> None:
    session.execute(text("DELETE FROM licensing_ledger_node WHERE level = 9"))


def change_a_checkpoint(session: Session) -> None:
    session.execute(text("UPDATE licensing_ledger_checkpoint SET root_sm3 = root_sha256 WHERE size = 300"))


def delete_the_last_checkpoint(session: Session) -> None:
    session.execute(text("DELETE FROM licensing_ledger_checkpoint WHERE size = 700"))


def move_a_checkpoint(session: Session) -> None:
    session.execute(text("UPDATE licensing_ledger_checkpoint SET size = 301 WHERE size = 300"))


def chain_anew(session: Session) -> None:
    """Change an entry and repair everything that needs no key."""
    from licensing.core.ledger.chain import START, extend

    rows = session.scalars(select(LedgerEntry).order_by(LedgerEntry.sequence)).all()
    entries = [as_entry(row) for row in rows]
    entries[316] = replace(entries[316], kind="case.refused")
    for row, linked in zip(rows, extend(entries, START), strict=True):
        row.kind = linked.entry.kind
        row.sha256, row.sm3 = linked.links.sha256.hex(), linked.links.sm3.hex()
    leaves = {name: [merkle.leaf_hash(entry.body(), name) for entry in entries] for name in merkle.HASHES}
    for level, place in ((8, 1), (9, 0)):
        low, high = place << level, place + 1 << level
        roots = {name: merkle.root(leaves[name][low:high], name).hex() for name in merkle.HASHES}
        where = "WHERE level = :level AND place = :place"
        session.execute(
            text(f"UPDATE licensing_ledger_node SET sha256 = :sha256, sm3 = :sm3 {where}"),  # noqa: S608
            {**roots, "level": level, "place": place},
        )
    session.flush()


TAMPERING: list[tuple[Callable[[Session], None], Fault]] = [
    (change_a_byte, Fault(317, "sha256")),
    (change_the_time, Fault(317, "sha256")),
    (delete_one, Fault(317, "gap")),
    (delete_the_first, Fault(1, "gap")),
    (delete_the_end, Fault(651, "gap", 700)),
    (reorder, Fault(317, "sha256")),
    (insert_in_between, Fault(318, "sha256")),
    (append_unsigned, Fault(701, "unsigned", 701)),
    (change_only_sm3, Fault(317, "sm3")),
    (split_a_field, Fault(317, "gap")),
    (change_a_node, Fault(257, "node", 512)),
    (delete_a_node, Fault(1, "node", 512)),
    (change_a_checkpoint, Fault(300, "signature")),
    (move_a_checkpoint, Fault(301, "signature")),
    (delete_the_last_checkpoint, Fault(601, "unsigned", 700)),
    (chain_anew, Fault(301, "root", 400)),
]


class LedgerContract:
    @pytest.fixture(autouse=True)
    def _in_this_process(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # Several chunks even of a short ledger.
        monkeypatch.setattr(source, "CHUNK", 256)

    def judge(self, session: Session) -> Verdict:
        session.expire_all()
        return verify(session, KEYS)

    def test_an_empty_ledger_holds(self, session: Session, time: SettableTime) -> None:
        assert self.judge(session) == Verdict(0, 0, 0, None)
        assert run_once(session, SIGNER, time) is None

    def test_what_was_committed_is_chained_in_order_and_verifies(
        self, session: Session, time: SettableTime
    ) -> None:
        commitments = fill(session, time)
        assert self.judge(session) == Verdict(LENGTH, BATCHES, 0, None)
        rows = session.scalars(select(LedgerEntry).order_by(LedgerEntry.sequence)).all()
        assert [row.commitment for row in rows] == commitments
        assert session.scalars(select(PendingEntry)).all() == []
        assert verify_payloads(session) is None

    def test_what_was_rolled_back_never_happened(self, session: Session, time: SettableTime) -> None:
        append_pending(session, "case.decided", "case-1", {}, at=time.now())
        session.rollback()
        assert run_once(session, SIGNER, time) is None

    def test_the_sequencer_takes_no_more_than_its_limit(self, session: Session, time: SettableTime) -> None:
        for number in range(5):
            append_pending(session, "k", f"s-{number}", {}, at=time.now())
        first, second = (run_once(session, SIGNER, time, limit=3) for _ in range(2))
        assert first is not None
        assert second is not None
        assert [(b.first, b.last) for b in (first, second)] == [(1, 3), (4, 5)]
        assert self.judge(session).holds

    def test_every_tampering_is_found_at_its_place(self, session: Session, time: SettableTime) -> None:
        fill(session, time)
        found: dict[str, Fault | None] = {}
        for tamper, _ in TAMPERING:
            unlock(session)
            tamper(session)
            session.flush()
            found[tamper.__name__] = self.judge(session).first_fault
            session.rollback()
        assert found == {tamper.__name__: fault for tamper, fault in TAMPERING}
        assert self.judge(session).holds

    def test_tampering_is_found_by_processes_too(
        self, session: Session, time: SettableTime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fill(session, time)
        monkeypatch.setattr(verifying, "_WORTH_PROCESSES", 1)
        assert verify(session, KEYS).holds
        unlock(session)
        change_a_byte(session)
        session.commit()
        assert self.judge(session).first_fault == Fault(317, "sha256")

    def test_the_sequencer_adds_nothing_to_a_ledger_that_was_bent_at_its_end(
        self, session: Session, time: SettableTime
    ) -> None:
        fill(session, time)
        unlock(session)
        append_unsigned(session)
        append_pending(session, "k", "s", {}, at=time.now())
        with pytest.raises(LedgerBroken):
            run_once(session, SIGNER, time)

    def test_checkpoints_of_an_unknown_key_are_not_believed(
        self, session: Session, time: SettableTime
    ) -> None:
        fill(session, time, 100, 1)
        stranger = TrustedKeys([Ed25519Signer.generate().public_pem()])
        assert verify(session, stranger).first_fault == Fault(100, "signature")

    def test_a_restored_backup_is_found_with_the_witness_only(
        self, session: Session, time: SettableTime, tmp_path: Path
    ) -> None:
        witnesses = (FileWitness(tmp_path / "witness.jsonl"), StorageWitness(FolderStorage(tmp_path / "w")))
        fill(session, time, 300, 3)
        tables = load_models().tables
        backup = {table: session.execute(select(tables[table])).all() for table in APPEND_ONLY}
        fill(session, time, 300, 3)
        for witness in witnesses:
            assert publish(session, witness) == 6
            assert verify(session, KEYS, witnesses=[witness]) == Verdict(600, 6, 6, None)
        unlock(session)
        for table, rows in backup.items():
            session.execute(delete(tables[table]))
            session.execute(insert(tables[table]), [dict(row._mapping) for row in rows])
        session.commit()
        session.expire_all()
        assert verify(session, KEYS).holds
        for witness in witnesses:
            found = verify(session, KEYS, witnesses=[witness])
            assert (found.first_fault, found.witnessed) == (Fault(301, "behind_witness", 400), 3)
            with pytest.raises(LedgerBroken):
                publish(session, witness)
        # The platform goes on after the backup: the witness still remembers the other future.
        fill(session, time, 400, 4)
        for witness in witnesses:
            found = verify(session, KEYS, witnesses=[witness])
            assert found.first_fault == Fault(301, "witness", 400)

    def test_a_witness_only_grows_and_a_changed_one_is_not_believed(
        self, session: Session, time: SettableTime, tmp_path: Path
    ) -> None:
        path = tmp_path / "witness.jsonl"
        witness = FileWitness(path)
        fill(session, time, 200, 2)
        publish(session, witness)
        newest = last_checkpoint(session)
        assert newest is not None
        witness.add(newest)
        assert publish(session, witness) == 0
        with pytest.raises(Conflict):
            witness.add(replace(newest, size=150))
        path.write_text(path.read_text().replace(newest.root_sm3, newest.root_sha256))
        found = verify(session, KEYS, witnesses=[witness]).first_fault
        assert found == Fault(200, "witness_signature")
        path.write_text("not a checkpoint\n")
        found = verify(session, KEYS, witnesses=[witness]).first_fault
        assert found is not None
        assert found.what == "witness_signature"

    def test_a_receipt_is_verified_without_the_ledger(
        self, session: Session, time: SettableTime, tmp_path: Path
    ) -> None:
        commitments = fill(session, time)
        for place in (0, 255, 256, 316, 600, 699):
            document = json.loads(json.dumps(receipt(session, commitments[place], disclose=True)))
            assert [holds for *_, holds in offline_verify.verify(document, SIGNER.public_pem())] == [True] * 4
        document = receipt(session, commitments[316])
        assert "payload" not in document
        (tmp_path / "receipt.json").write_text(json.dumps(document))
        (tmp_path / "checkpoint.pub").write_bytes(SIGNER.public_pem())
        script = tmp_path / "offline_verify.py"
        script.write_bytes(Path(offline_verify.__file__).read_bytes())
        command = [sys.executable, "-I", str(script), "receipt.json", "--key", "checkpoint.pub"]
        assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 0
        document["entry"]["kind"] = "case.refused"
        (tmp_path / "receipt.json").write_text(json.dumps(document))
        assert subprocess.run(command, cwd=tmp_path, check=False, capture_output=True).returncode == 1

    def test_a_receipt_with_anything_changed_does_not_hold(
        self, session: Session, time: SettableTime, tmp_path: Path
    ) -> None:
        commitments = fill(session, time, 300, 3)
        good = receipt(session, commitments[100], disclose=True)
        pem = SIGNER.public_pem()

        def holds(**change: object) -> bool:
            return all(result for *_, result in offline_verify.verify({**good, **change}, pem))

        assert holds()
        assert not holds(entry={**good["entry"], "sequence": 102})
        assert not holds(payload={**good["payload"], "opinion": "不同意"})
        assert not holds(checkpoint={**good["checkpoint"], "at": "2020"})
        assert not holds(proof={**good["proof"], "sm3": good["proof"]["sha256"]})
        assert not holds(proof={**good["proof"], "sha256": good["proof"]["sha256"][:-1]})
        with pytest.raises(ValueError, match="fields"):
            holds(entry={**good["entry"], "more": 1})
        other = Ed25519Signer.generate()
        assert not all(result for *_, result in offline_verify.verify(good, other.public_pem()))
        path = tmp_path / "receipt.json"
        path.write_text("[]")
        said: list[str] = []
        key = tmp_path / "key"
        key.write_bytes(pem)
        assert offline_verify.main([str(path), "--key", str(key)], said.append) == 2

    def test_a_later_checkpoint_is_proved_to_extend_an_earlier_one(
        self, session: Session, time: SettableTime
    ) -> None:
        fill(session, time, 300, 3)
        earlier = last_checkpoint(session)
        fill(session, time, 400, 2)
        later = last_checkpoint(session)
        assert earlier is not None
        assert later is not None
        proof = extension(session, earlier, later)["proof"]
        for name, old, new in (
            ("sha256", earlier.root_sha256, later.root_sha256),
            ("sm3", earlier.root_sm3, later.root_sm3),
        ):
            path = [bytes.fromhex(step) for step in proof[name]]
            roots = bytes.fromhex(old), bytes.fromhex(new)
            assert merkle.verify_consistency(300, 700, *roots, path, name)

    def test_erased_payloads_are_gone_and_the_ledger_verifies(
        self, session: Session, time: SettableTime, ctx: Context
    ) -> None:
        fill(session, time, 300, 3)
        make_table(session)
        errand = new_errand(session, ctx)
        history(session, errand.id)[0].reason = "张三"
        waiting = append_pending(session, "case.decided", "case-1", {"name": "张三"}, at=time.now())
        session.commit()
        assert erase(session, ctx, "case-1", "个人信息保护法第四十七条") == 101
        assert erase(session, ctx, errand.id, "个人信息保护法第四十七条") == 1
        session.commit()
        assert verify_payloads(session) is None
        run_once(session, SIGNER, time)
        session.commit()
        session.expire_all()
        assert history(session, errand.id)[0].reason == ""
        left = session.scalars(select(LedgerPayload)).all()
        assert {row.subject for row in left} == {"case-0", "case-2", "ledger"}
        assert "张三" not in json.dumps([row.payload for row in left], ensure_ascii=False)
        assert self.judge(session).holds
        assert verify_payloads(session) is None
        assert receipt(session, waiting)["entry"]["subject"] == "case-1"
        with pytest.raises(NotFound):
            receipt(session, waiting, disclose=True)

    def test_an_erasure_needs_the_administrator_a_basis_and_something_to_erase(
        self, session: Session, time: SettableTime, ctx: Context
    ) -> None:
        fill(session, time, 10, 1)
        with pytest.raises(NotPermitted):
            erase(session, ctx.acting_as(principal(session, "u-platform")), "case-0", "依据")
        with pytest.raises(InvalidInput):
            erase(session, ctx, "case-0", " ")
        with pytest.raises(NotFound):
            erase(session, ctx, "case-9", "依据")
        with pytest.raises(NotFound):
            erase(session, ctx, "ledger", "依据")

    def test_a_payload_that_was_changed_or_lost_is_found(self, session: Session, time: SettableTime) -> None:
        commitments = fill(session, time, 30, 3)
        row = session.get(LedgerPayload, commitments[11])
        assert row is not None
        row.payload = {**row.payload, "opinion": "不同意"}
        session.commit()
        assert verify_payloads(session) == Fault(12, "payload")
        session.delete(row)
        session.commit()
        assert verify_payloads(session) == Fault(12, "missing_payload")
        assert self.judge(session).holds

    def test_the_export_holds_every_entry_and_checkpoint_and_no_payload(
        self, session: Session, time: SettableTime
    ) -> None:
        commitments = fill(session, time, 300, 3)
        lines = [json.loads(line) for line in export(session)]
        assert [line["type"] for line in lines] == ["header"] + ["entry"] * 300 + ["checkpoint"] * 3
        assert [line["commitment"] for line in lines[1:301]] == commitments
        assert "同意" not in b"".join(export(session)).decode()
        newest = lines[-1]
        del newest["type"]
        assert KEYS.believe(Checkpoint.from_dict(newest))

    def test_an_entry_is_found_by_its_commitment_once_it_is_chained(
        self, session: Session, time: SettableTime
    ) -> None:
        commitment = append_pending(session, "k", "s", {"a": 1}, at=time.now())
        with pytest.raises(NotFound):
            find(session, commitment)
        batch = run_once(session, SIGNER, time)
        assert isinstance(batch, Batch)
        assert find(session, commitment).sequence == batch.last == 1

    @pytest.mark.parametrize("word", ["", "张三", "a b", 'a"b', "x" * 65, "a\tb"])
    def test_a_subject_is_a_plain_word_and_no_name(
        self, session: Session, time: SettableTime, word: str
    ) -> None:
        with pytest.raises(ValueError, match="plain words"):
            append_pending(session, "k", word, {}, at=time.now())
        with pytest.raises(ValueError, match="plain words"):
            append_pending(session, word, "s", {}, at=time.now())

    def test_the_key_comes_from_the_environment_and_is_never_repeated(self, tmp_path: Path) -> None:
        text_of_key = SIGNER.private_text()
        signer = Ed25519Signer.from_environment({"LICENSING_LEDGER_KEY": text_of_key})
        (tmp_path / "key").write_text(text_of_key + "\n")
        from_file = Ed25519Signer.from_environment({"LICENSING_LEDGER_KEY_FILE": str(tmp_path / "key")})
        assert signer.key_id == from_file.key_id == SIGNER.key_id
        for wrong in ("", "????", text_of_key[:-8]):
            with pytest.raises(InvalidInput) as caught:
                Ed25519Signer.from_environment({"LICENSING_LEDGER_KEY": wrong})
            assert not wrong or wrong not in str(caught.value)

    def test_a_signed_checkpoint_is_believed_only_as_it_was_signed(self) -> None:
        bare = Checkpoint(1, "t", "a", "b", "c", "d", "")
        good = signed(bare, SIGNER)
        assert KEYS.believe(good)
        assert not KEYS.believe(replace(good, size=2))
        assert not KEYS.believe(replace(good, signature="zz"))
        with pytest.raises(InvalidInput):
            Checkpoint.from_dict({**good.as_dict(), "size": True})
        with pytest.raises(InvalidInput):
            TrustedKeys([b"no key"])

    def test_the_database_may_be_verified_while_it_grows(
        self, engine: Engine, session: Session, time: SettableTime
    ) -> None:
        fill(session, time, 100, 1)
        append_pending(session, "k", "s", {}, at=time.now())
        assert self.judge(session).size == 100
