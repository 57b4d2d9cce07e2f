"""``anonymize restore``: turn back what an agreement's policy encrypted, for the holder of its key."""

from __future__ import annotations

import json
from pathlib import Path

import click

from anonymize.cli.edge import guarded
from anonymize.cli.keys import takes_keys
from anonymize.cli.policy_file import read_policy
from anonymize.cli.source import Reading, reads_a_source
from anonymize.cli.unnamed import Unnamed, spare
from anonymize.errors import WrongUse
from anonymize.keys import KeyRing
from anonymize.policy import Policy
from anonymize.restore import restore
from anonymize.writers import FieldSpec, open_writer


@click.command("restore")
@reads_a_source
@click.option(
    "--policy",
    "policy_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="当时所用的方案。The policy that was carried out.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="还原结果（CSV，仅所有者可读）。The restored table (CSV, readable by its owner only).",
)
@click.option(
    "--report",
    "report_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="当时的报告（JSON），据以核对密钥。The report (JSON) of the run, by which the key is known.",
)
@takes_keys
@guarded
def restore_command(
    reading: Reading, policy_file: Path, out: Path, report_file: Path | None, keys: KeyRing
) -> None:
    """按协议的密钥还原 fpe 加密的列。

    Restore the columns that fpe encrypted, with the agreement's key. The result is personal data again.
    """
    table = reading.open()
    policy = read_policy(policy_file)
    spare([reading.path, policy_file, report_file], [out])
    # Personal data again: nobody else may read it, and nothing of it stays when the run is stopped.
    with Unnamed(out, 0o600) as file:
        sink = open_writer("csv", file.stream, [FieldSpec(name) for name in table.columns])
        rows = restore(table, policy, [sink], keys, check=_check(report_file, policy))
        file.keep()
    click.echo(f"已还原 {rows} 行 / {rows} rows restored")


def _check(report_file: Path | None, policy: Policy) -> str:
    """By what the key is known, out of the report of the run that encrypted; empty without one."""
    if report_file is None:
        return ""
    try:
        report = json.loads(report_file.read_text("utf-8"))
        key = report["key"]
        name, check = str(key["name"]), str(key["check"])
    except (ValueError, KeyError, TypeError):
        raise WrongUse(
            "{name} 不是使用指名密钥的脱敏报告（JSON），其中没有密钥的校验值。",
            "{name} is no report (JSON) of a run under a named key: it has no check value of one.",
            name=report_file.name,
        ) from None
    if name != policy.key:
        raise WrongUse(
            "报告 {name} 所用的密钥与方案不同，请核对两个文件。",
            "The report {name} is of a run under another key than the policy's; check the two files.",
            name=report_file.name,
        )
    return check
