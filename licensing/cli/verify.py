"""``licensing verify FILE``: a signed PDF, or a receipt of the ledger."""

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
from licensing.local.setup import Setup, split_pems
from licensing.signatures.verify import verify_pdf


@click.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="验证回执的平台公钥，默认取 LICENSING_LEDGER_PUBLIC / public key for a receipt",
)  # fmt: skip
@json_option
@guarded
def verify_command(file: Path, key: Path | None, as_json: bool) -> None:
    """验证已签 PDF 或存证回执 / verify a signed PDF or a receipt."""
    data, setup = file.read_bytes(), Setup(os.environ)
    if data.lstrip()[:1] == b"{":
        pems = split_pems(key.read_bytes()) if key else setup.ledger_pems()
        found = _receipt(data, pems)
    else:
        found = verify_pdf(data, setup.trust(), setup.time.now()).as_dict()
    show(found, as_json, lambda: _text(found))
    if not found["good"]:
        sys.exit(LedgerBroken.exit_code)


def _receipt(data: bytes, pems: tuple[bytes, ...]) -> dict[str, Any]:
    """By any of the keys: the platform may have changed its own."""
    if not pems:
        raise InvalidInput("请用 --key 提供平台公钥。", "Give the platform's public key by --key.")
    try:
        document = json.loads(data)
        tried = [offline_verify.verify(document, pem) for pem in pems]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
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
