"""The command as people and machines use it: every line of the page on signing, exit codes, secrets."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from licensing.cli.overdue import MACHINE
from licensing.cli.serve import application
from licensing.core.ledger.models import LedgerEntry
from licensing.core.ledger.receipt import receipt
from licensing.core.ledger.store import append_pending
from licensing.core.store.clocks import start
from licensing.local.setup import Setup
from licensing.signatures import service
from tests.factories.signers import PROVIDER_SIDE, plain_pdf
from tests.unit.licensing.cli.conftest import Invoke, Run

pytestmark = pytest.mark.slow

PAGE = Path(__file__).parents[4] / "docs" / "how-to" / "sign-a-document.md"
ROOT = "/api/licensing/v1"


def ask_over_http(client: Any, document: str, folder: Path, token: str) -> str:
    """The page's first request; writes ``request.json`` and ``prepared.pdf``, answers the request's id."""
    bearer = {"Authorization": f"Bearer {token}"}
    keys = folder / "keys"
    asked = client.post(
        f"{ROOT}/documents/{document}/signature-requests",
        json={
            "chain": (keys / "signer.pem").read_text(),
            "national_certificate": (keys / "sm2.pem").read_text(),
        },
        headers={**bearer, "If-Match": '"2"'},
    )
    assert asked.status_code == 201, asked.get_data(as_text=True)
    (folder / "request.json").write_bytes(asked.data)
    request = asked.get_json()["id"]
    file = client.get(f"{ROOT}/signature-requests/{request}/file", headers=bearer)
    (folder / "prepared.pdf").write_bytes(file.data)
    return str(request)


def test_every_command_of_the_page_runs_and_the_file_is_good(
    shell: Run, run: Invoke, environment: dict[str, str], tmp_path: Path
) -> None:
    once, sign, verify = re.findall(r"```sh\n(.*?)```", PAGE.read_text("utf-8"), re.S)
    for line in once.splitlines():
        done = shell(line)
        assert done.returncode == 0, f"{line}: {done.stderr}"
    setup = Setup(environment)
    client = application(setup).test_client()
    with setup.session() as session, session.begin():
        document = service.open_document(
            session, setup.context(session, MACHINE), kind="plan", subject_id="plan-1",
            title="协议", pdf=plain_pdf(), signatories=[PROVIDER_SIDE], national=True,
        ).id  # fmt: skip
    token = (tmp_path / "token.txt").read_text().strip()
    request = ask_over_http(client, document, tmp_path, token)
    signed = shell(sign)
    assert signed.returncode == 0, signed.stderr
    bearer = {"Authorization": f"Bearer {token}"}
    given = client.post(
        f"{ROOT}/signature-requests/{request}/signature",
        json=json.loads((tmp_path / "answer.json").read_text()),
        headers={**bearer, "Idempotency-Key": "0191d1c8-7b1f-7c3e-9f00-5d0c6a1b2c3d"},
    )
    assert given.status_code == 200, given.get_data(as_text=True)
    file = client.get(f"{ROOT}/documents/{document}/file", headers=bearer).data
    (tmp_path / "signed.pdf").write_bytes(file)
    for line in verify.splitlines():
        done = shell(line)
        assert done.returncode == 0, done.stdout + done.stderr
    (tmp_path / "signed.pdf").write_bytes(file.replace(b"/MediaBox", b"/MediaBux", 1))
    assert run("verify signed.pdf").exit_code in (4, 7)
    again = sign.strip().removeprefix("licensing ")
    assert run(again, without=("LICENSING_KEY_PASSPHRASE",)).exit_code == 2
    environment["LICENSING_KEY_PASSPHRASE"] = "wrong"
    assert run(again).exit_code == 4
    (tmp_path / "prepared.pdf").write_bytes(plain_pdf("another text"))
    assert "联系平台" in run(again).output
    assert client.get("/ca/issuing.crl").mimetype == "application/pkix-crl"
    assert client.get("/ca/other.crl").status_code == 404


def test_the_ledger_is_chained_verified_exported_and_a_receipt_holds(
    run: Invoke, environment: dict[str, str], tmp_path: Path
) -> None:
    assert run("migrate").exit_code == 0
    setup = Setup(environment)
    with setup.session() as session, session.begin():
        for number in range(5):
            made = append_pending(session, "case.decided", "case-1", {"n": number}, at=setup.time.now())
    assert run("sequencer --once --witness witness.jsonl").output.strip() == "+5"
    good = run("verify-ledger --witness witness.jsonl --json")
    assert good.exit_code == 0, good.output
    assert json.loads(good.output)["witnessed"] == 1
    exported = run("export").output.splitlines()
    assert [json.loads(line)["type"] for line in exported] == ["header", *["entry"] * 5, "checkpoint"]
    with setup.session() as session:
        document = receipt(session, made)
    (tmp_path / "receipt.json").write_text(json.dumps(document))
    assert run("verify receipt.json").exit_code == 0
    document["entry"]["kind"] = "case.refused"
    (tmp_path / "receipt.json").write_text(json.dumps(document))
    assert run("verify receipt.json").exit_code == 7
    (tmp_path / "receipt.json").write_text("{}")
    assert run("verify receipt.json").exit_code == 2


def test_a_changed_entry_is_named_with_exit_code_seven(run: Invoke, environment: dict[str, str]) -> None:
    assert run("migrate").exit_code == 0
    setup = Setup(environment)
    with setup.session() as session, session.begin():
        for number in range(5):
            append_pending(session, "case.decided", "case-1", {"n": number}, at=setup.time.now())
    assert run("sequencer --once").exit_code == 0
    with setup.engine().begin() as connection:
        names = (
            connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        )
        for name in names:
            connection.execute(text(f'DROP TRIGGER "{name}"'))
        connection.execute(update(LedgerEntry).where(LedgerEntry.sequence == 3).values(kind="case.refused"))
    bad = run("verify-ledger --json")
    assert bad.exit_code == 7
    assert json.loads(bad.output)["fault"]["sequence"] == 3


def test_late_clocks_are_listed_and_counted(run: Invoke, environment: dict[str, str]) -> None:
    assert run("migrate").exit_code == 0
    setup = Setup(environment)
    assert run("overdue").exit_code == 0
    assert json.loads(run("overdue --json").output) == []
    with setup.session() as session, session.begin():
        ctx = setup.context(session, MACHINE)
        row = start(session, ctx, "case", "case-1", max(ctx.rules.clocks))
        row.due_day = row.started.date() - timedelta(days=10)
    (late,) = json.loads(run("overdue --json").output)
    assert (late["subject"], late["kind"]) == ("case-1", "case")
    assert late["source"]
    report = json.loads(run("report --json").output)
    assert report["clocks"]["overdue"] == 1
    assert "case-1" in run("overdue").output
    assert "超期 1" in run("report").output


def test_errors_say_what_to_do_and_show_neither_secrets_nor_traces(
    run: Invoke, environment: dict[str, str]
) -> None:
    environment["LICENSING_DATABASE"] = "postgresql://someone:very-secret@127.0.0.1:1/none"
    done = run("overdue")
    assert done.exit_code == 1
    assert "very-secret" not in done.output
    assert "Traceback" not in done.output
    assert "LICENSING_DATABASE" in done.output
    assert run("overdue", without=("LICENSING_RULES",)).exit_code == 2
    assert run("token issue nobody", without=("LICENSING_DATABASE",)).exit_code == 2


def test_a_revoked_token_is_refused_at_once(run: Invoke, environment: dict[str, str]) -> None:
    assert run("migrate").exit_code == 0
    assert run("principal add u-1 --name 监督 --role supervisor").exit_code == 0
    assert run("principal add u-1 --name 监督 --role supervisor").exit_code == 4
    assert run("principal add u-2 --name 甲 --role king").exit_code == 2
    issued = json.loads(run("token issue u-1 --json").output)
    client = application(Setup(environment)).test_client()
    bearer = {"Authorization": f"Bearer {issued['token']}"}
    assert client.get(f"{ROOT}/clocks", headers=bearer).status_code == 200
    assert run(f"token revoke {issued['id']}").exit_code == 0
    assert client.get(f"{ROOT}/clocks", headers=bearer).status_code == 401
    with Session(Setup(environment).engine()) as session:
        assert session.query(LedgerEntry).count() == 0
        stored = session.execute(text("SELECT * FROM licensing_access_token")).one()
    assert issued["token"] not in map(str, stored)
