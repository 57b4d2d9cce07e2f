"""``licensing verify FILE``: a signed PDF, a signed manifest, a receipt of the ledger or of a filing."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from licensing.cli.edge import guarded, json_option, show
from licensing.core.errors import InvalidInput, LedgerBroken
from licensing.core.ledger import offline_verify
from licensing.filings.files import RECEIPT
from licensing.local.setup import Setup, split_pems
from licensing.signatures import signed_manifest
from licensing.signatures.verify import verify_pdf

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("verify")
@click.argument("file", type=_FILE)
@click.option("--key", type=_FILE,
              help="验证回执的平台公钥，默认取 LICENSING_LEDGER_PUBLIC / key for a receipt")  # fmt: skip
@click.option("--document", type=_FILE,
              help="与清单比对的未签 PDF / the unsigned PDF, to compare with a manifest")  # fmt: skip
@json_option
@guarded
def verify_command(file: Path, key: Path | None, document: Path | None, as_json: bool) -> None:
    """验证已签 PDF、已签清单、存证回执或备案回执 / verify a file.

    \b
    已签 PDF    a signed PDF
    已签清单    a manifest with its SM2 signatures
    存证回执    a receipt of the ledger
    备案回执    a filing receipt (JSON)
    """
    data, setup = file.read_bytes(), Setup(os.environ)
    if data.lstrip()[:1] == b"{":
        found = _document(data, setup, key, document)
    else:
        found = verify_pdf(data, setup.trust(), setup.time.now()).as_dict()
    show(found, as_json, lambda: _text(found))
    if not found["good"]:
        sys.exit(LedgerBroken.exit_code)


def _document(data: bytes, setup: Setup, key: Path | None, document: Path | None) -> dict[str, Any]:
    """What a JSON file proves, by what it says it is."""
    try:
        read = json.loads(data)
    except ValueError as error:
        raise InvalidInput("读不出这份 JSON 文件。", "The JSON cannot be read.") from error
    if read.get("schema") == signed_manifest.SCHEMA:
        pdf = document.read_bytes() if document else None
        return signed_manifest.verify_manifest(data, setup.trust(), setup.time.now(), pdf)
    pems = split_pems(key.read_bytes()) if key else setup.ledger_pems()
    if read.get("type") == RECEIPT:
        return _filing(read, pems)
    return _receipt(data, pems)


def _filing(read: dict[str, Any], pems: tuple[bytes, ...]) -> dict[str, Any]:
    """A filing receipt: its entry is in the ledger, and says the same number and the same package."""
    if read.get("ledger") is None:
        raise InvalidInput(
            "受理记录尚未入链，请稍后重新取得回执。",
            "The acceptance is not chained yet; fetch the receipt again later.",
        )
    found = _receipt(json.dumps(read["ledger"]).encode(), pems)
    told = {"number": read.get("number"), "package": read.get("package_sha256")}
    same = found["entry"]["kind"] == "filing.accept" and read["ledger"].get("payload", {}).get("data") == told
    check = {"zh": "编号和材料与账本一致", "en": "number and package are those of the ledger", "holds": same}
    return {**found, "good": found["good"] and same, "checks": [*found["checks"], check]}


def _receipt(data: bytes, pems: tuple[bytes, ...]) -> dict[str, Any]:
    """By any of the keys: the platform may have changed its own."""
    if not pems:
        raise InvalidInput("请用 --key 提供平台公钥。", "Give the platform's public key by --key.")
    try:
        document = json.loads(data)
        tried = [offline_verify.verify(document, pem) for pem in pems]
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise InvalidInput("这不是存证回执。", "This is not a receipt of the ledger.") from error
    results = max(tried, key=lambda each: sum(holds for *_, holds in each))
    checks = [{"zh": zh, "en": en, "holds": holds} for zh, en, holds in results]
    return {"good": all(each["holds"] for each in checks), "checks": checks, "entry": document["entry"]}


def _text(found: dict[str, Any]) -> str:
    lines = ["✓ 有效 / good" if found["good"] else "✗ 不成立 / does not hold"]
    for check in found.get("checks", ()):
        lines.append(f"  {'✓' if check['holds'] else '✗'} {check['zh']} / {check['en']}")
    for each in found.get("signatures", ()):
        who = each["signer"]
        mark, when = ("✓" if each["good"] else "✗"), each["stamped_at"] or "—"
        lines.append(
            f"  {mark} {who['organization'] or who['name']}  {when}  {each['problem'] or ''}".rstrip()
        )
    return "\n".join(lines)
