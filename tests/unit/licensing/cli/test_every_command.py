"""Every command has a description and options in both languages, JSON for machines, and its exit codes."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import msgspec
import openpyxl
import pytest

from licensing.cli import COMMANDS, main
from licensing.cli.overdue import MACHINE
from licensing.core.store.clocks import start
from licensing.filings import service as filings
from licensing.filings.files import receipt_data
from licensing.local.authorizer import TableAuthorizer
from licensing.local.models import LocalDataset, LocalPrincipal, LocalRole
from licensing.local.setup import Setup
from licensing.ports import ADMINISTRATOR, PROVIDER
from licensing.signatures import service, signed_manifest, sm2
from licensing.signatures.client import Pkcs12Key
from licensing.signatures.manifest import manifest_bytes
from tests.factories import filing_world
from tests.factories.signers import PROVIDER_SIDE, plain_pdf
from tests.unit.licensing.cli.conftest import Invoke

pytestmark = pytest.mark.slow

CHINESE, LATIN = re.compile(r"[\u4e00-\u9fff]"), re.compile(r"[A-Za-z]{2}")


def leaves() -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by its whole name."""
    context = click.Context(main)
    for name in COMMANDS:
        found = main.get_command(context, name)
        assert found is not None
        if isinstance(found, click.Group):
            yield from ((f"{name} {word}", each) for word, each in found.commands.items())
        else:
            yield name, found


LEAVES = dict(leaves())


@pytest.mark.parametrize("name", LEAVES)
def test_every_command_has_json_and_speaks_both_languages(name: str, run: Invoke) -> None:
    command = LEAVES[name]
    options = {word for each in command.params for word in each.opts}
    assert "--json" in options
    for text in (command.help or "", *(getattr(each, "help", "") or "" for each in command.params
                                       if isinstance(each, click.Option))):  # fmt: skip
        assert CHINESE.search(text), text
        assert LATIN.search(text), text
    shown = run(f"{name} --help")
    assert shown.exit_code == 0
    assert run(f"{name} --no-such-option").exit_code == 2


def test_the_page_of_the_command_names_every_exit_code() -> None:
    shown = click.Context(main)
    text = main.get_help(shown)
    for code in ("0", "1", "2", "4", "5", "6", "7"):
        assert re.search(rf"\b{code} [\u4e00-\u9fff]", text), code


def told(run: Invoke, line: str, status: int = 0) -> Any:
    done = run(line)
    assert done.exit_code == status, done.output
    return json.loads(done.stdout)


def test_an_installation_is_set_up_in_json(run: Invoke) -> None:
    assert told(run, "migrate --json") == {"migrated": True}
    added = told(run, "principal add u-1 --name 监督 --role supervisor --json")
    assert added == {"id": "u-1", "roles": ["supervisor"]}
    token = told(run, "token issue u-1 --json")["id"]
    assert told(run, f"token revoke {token} --json") == {"revoked": token}
    assert run("token revoke no-such").exit_code == 6
    assert set(told(run, "ca init --json")) == {"root", "sm2_root"}
    made = told(run, "ca issue --name 李 --identifier X1 --out keys --json")
    assert told(run, f"ca revoke {made['serial']} --reason keyCompromise --json") == {
        "revoked": made["serial"]
    }
    assert told(run, f"ca revoke {made['sm2_serial']} --sm2 --json")["revoked"] == made["sm2_serial"]
    assert run("ca revoke xyz").exit_code == 2


def clock(environment: dict[str, str], subject: str, kind: str, late: int) -> None:
    setup = Setup(environment)
    with setup.session() as session, session.begin():
        ctx = setup.context(session, MACHINE)
        row = start(session, ctx, kind, subject, max(ctx.rules.clocks))
        row.due_day = row.started.date() - timedelta(days=late)


def test_late_clocks_say_how_late_and_can_be_chosen_by_kind(run: Invoke, environment: dict[str, str]) -> None:
    run("migrate")
    clock(environment, "filing-1", "filing", 10)
    clock(environment, "case-1", "sharing", 3)
    both = told(run, "overdue --json")
    assert {each["subject"] for each in both} == {"filing-1", "case-1"}
    (late,) = told(run, "overdue --kind filing --json")
    assert late["days_late"] in (9, 10, 11)  # the day in China may be another one than that of the start
    assert "days late" in run("overdue --kind filing").output
    assert run("overdue --kind nothing").exit_code == 2


def registered(environment: dict[str, str], digest: str = filing_world.FILE) -> str:
    """A filing that was accepted, by people of its own; its id."""
    setup = Setup(environment)
    with setup.session() as session, session.begin():
        for name, role, unit in (("u-p", PROVIDER, "d-transport"), ("u-a", ADMINISTRATOR, "")):
            session.add(LocalPrincipal(id=name, name=name))
            session.flush()
            session.add(LocalRole(principal_id=name, role=role, department=unit))
        session.add(
            LocalDataset(
                id="parking", title="停车场", provider="d-transport", share_type="conditional",
                open_type="conditional", fields=[{"name": "place", "type": "string", "level": "L1"}],
                releases=[],
            )
        )  # fmt: skip
        session.flush()
        people = TableAuthorizer(session)
        provider = setup.context(session, people.principal("u-p"))
        made = filings.create(
            session, provider, matter="authorised_development", department="d-transport",
            submission=filing_world.submission(sha256=digest),
        )  # fmt: skip
        filings.submit(session, provider, made.id, filing_world.signed)
        office = provider.acting_as(people.principal("u-a"))
        filings.accept(session, office, made.id, filing_world.signed)
        return made.id


def test_the_report_counts_filings_and_what_is_about_to_end(run: Invoke, environment: dict[str, str]) -> None:
    run("migrate")
    registered(environment)
    report = told(run, "report --json")
    assert report["filings"]["authorised_development"] == 1
    assert report["ending"] == {"agreements": 0, "filings": 0, "qualifications": 0}
    assert "授权开发利用 1" in run("report").output


def test_registrations_are_exported_for_the_national_platform(
    run: Invoke, environment: dict[str, str], tmp_path: Path
) -> None:
    run("migrate")
    registered(environment)
    (line,) = run("export registrations").output.splitlines()
    number = json.loads(line)["备案编号"]
    assert run("export registrations --xlsx --out book.xlsx").exit_code == 0
    assert openpyxl.load_workbook(tmp_path / "book.xlsx")["登记"]["A2"].value == number
    assert run("export registrations --until 2001-01-01").output == ""
    assert json.loads(run("export ledger --json").output.splitlines()[0])["type"] == "header"
    assert run("export ledger --xlsx").exit_code == 2
    assert run("export --since 2001-01-01").exit_code == 2
    assert run("export registrations --since yesterday").exit_code == 2


def test_a_filing_receipt_is_verified_by_the_ledger(
    run: Invoke, environment: dict[str, str], tmp_path: Path
) -> None:
    run("migrate")
    filing = registered(environment)
    setup, path = Setup(environment), tmp_path / "receipt.json"

    def written(**changes: Any) -> None:
        with setup.session() as session:
            row = session.get(filings.Filing, filing)
            assert row is not None
            found = receipt_data(session, row, look_up="https://data.example.gov.cn/")
        path.write_text(json.dumps({**found, **changes}, ensure_ascii=False))

    written()
    assert run("verify receipt.json").exit_code == 2, "not chained yet"
    assert told(run, "sequencer --once --json")["chained"]
    written()
    good = told(run, "verify receipt.json --json")
    assert good["good"]
    assert good["checks"][-1]["zh"] == "编号和材料与账本一致"
    for changes in ({"number": "鄂数备〔2026〕99999号"}, {"package_sha256": "0" * 64}):
        written(**changes)
        assert told(run, "verify receipt.json --json", 7)["good"] is False
    written()
    assert run("verify receipt.json", without=("LICENSING_LEDGER_PUBLIC",)).exit_code == 2


def manifest_file(environment: dict[str, str], folder: Path) -> dict[str, Any]:
    """A document that its only side has signed, by both suites; the signed manifest as data."""
    setup, pdf = Setup(environment), plain_pdf()
    (folder / "plan.pdf").write_bytes(pdf)
    with setup.session() as session, session.begin():
        session.add(LocalPrincipal(id="u-t", name="u-t"))
        session.flush()
        session.add(LocalRole(principal_id="u-t", role=PROVIDER, department="d-transport"))
        session.flush()
        machine = setup.context(session, MACHINE)
        document = service.open_document(
            session, machine, kind="plan", subject_id="plan-1", title="方案", pdf=pdf,
            signatories=[PROVIDER_SIDE], national=True,
        )  # fmt: skip
        ctx = machine.acting_as(TableAuthorizer(session).principal("u-t"))
        key = Pkcs12Key((folder / "keys" / "signer.p12").read_bytes(), b"also only for tests")
        national = sm2.PrivateKey.from_pem((folder / "keys" / "sm2.key").read_bytes())
        asked = service.request_signature(
            session, ctx, setup.trust(), document.id, chain=key.certificates(),
            national_certificate=(folder / "keys" / "sm2.pem").read_bytes(),
        )  # fmt: skip
        service.add_signature(
            session, ctx, setup.trust(), asked.id, key.sign(asked.to_sign),
            national.sign(manifest_bytes(document.manifest)),
        )  # fmt: skip
        found: dict[str, Any] = json.loads(
            msgspec.json.encode(signed_manifest.signed_manifest(session, document))
        )
        return found


def test_a_signed_manifest_is_verified_with_its_document(
    run: Invoke, environment: dict[str, str], tmp_path: Path
) -> None:
    run("migrate")
    name, code = PROVIDER_SIDE.name, PROVIDER_SIDE.identifier
    issued = told(run, f"ca issue --name 李签署 --organization {name} --identifier {code} --out keys --json")
    found = manifest_file(environment, tmp_path)
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps(found))
    (tmp_path / "other.pdf").write_bytes(plain_pdf("another"))
    assert told(run, "verify manifest.json --json")["good"]
    assert told(run, "verify manifest.json --document plan.pdf --json")["checks"][-1]["holds"]
    assert run("verify manifest.json --document other.pdf").exit_code == 7
    (given,) = found["signatures"]
    signature = bytearray(base64.b64decode(given["signature"]))
    signature[-1] ^= 1
    for changed in (
        {**found, "manifest": {**found["manifest"], "title": "另一份"}},
        {**found, "signatures": []},
        {
            **found,
            "signatures": [{**found["signatures"][0], "signature": base64.b64encode(signature).decode()}],
        },
    ):
        path.write_text(json.dumps(changed))
        assert told(run, "verify manifest.json --json", 7)["good"] is False
    for broken in ({**found, "more": 1}, {**found, "manifest": {}}, {**found, "manifest": None}):
        path.write_text(json.dumps(broken))
        assert run("verify manifest.json").exit_code == 2
    path.write_text(json.dumps(found))
    run(f"ca revoke {issued['sm2_serial']} --sm2")
    assert run("verify manifest.json").exit_code == 7


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"type": 1}', '{"schema": "govdata.signed-manifest/1"}'])
def test_a_file_that_proves_nothing_is_wrong_input(run: Invoke, tmp_path: Path, text: str) -> None:
    (tmp_path / "file.json").write_text(text)
    assert run("verify file.json").exit_code in (2, 4)
    assert run("verify no-such-file.json").exit_code == 2
