"""``licensing verify-ledger``: has anything in the ledger been changed, and where."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from licensing.cli.edge import guarded, json_option, show
from licensing.core.errors import LedgerBroken
from licensing.core.ledger.payloads import verify_payloads
from licensing.core.ledger.verify import verify
from licensing.core.ledger.witness import FileWitness
from licensing.local.setup import Setup


@click.command("verify-ledger")
@click.option(
    "--witness", "witnesses", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="库外保存的检查点，靠它才能发现恢复的旧备份 / checkpoints kept outside",
)  # fmt: skip
@click.option("--processes", default=2, show_default=True, help="并行进程数 / processes")
@json_option
@guarded
def verify_ledger_command(witnesses: tuple[Path, ...], processes: int, as_json: bool) -> None:
    """校验整个账本，指出第一处问题 / verify the whole ledger and name the first fault."""
    setup = Setup(os.environ)
    keys = setup.ledger_keys()
    with setup.session() as session:
        verdict = verify(
            session, keys, witnesses=[FileWitness(path) for path in witnesses], processes=processes
        )
        fault = verdict.first_fault or verify_payloads(session)
    data: dict[str, Any] = {
        "holds": fault is None, "size": verdict.size, "checkpoints": verdict.checkpoints,
        "witnessed": verdict.witnessed, "fault": asdict(fault) if fault else None,
    }  # fmt: skip
    show(data, as_json, lambda: _text(data))
    if fault is not None:
        sys.exit(LedgerBroken.exit_code)


def _text(data: dict[str, Any]) -> str:
    said = f"{data['size']} 条记录，{data['checkpoints']} 个检查点，见证 {data['witnessed']} 个"
    said += f" / {data['size']} entries, {data['checkpoints']} checkpoints, {data['witnessed']} witnessed"
    if data["fault"] is None:
        return f"✓ 账本完整 / the ledger holds：{said}"
    fault = data["fault"]
    until = f"–{fault['until']}" if fault["until"] else ""
    place = f"{fault['sequence']}{until}"
    return f"✗ 第 {place} 条有问题 / fault at {place}：{fault['what']}\n  {said}"
