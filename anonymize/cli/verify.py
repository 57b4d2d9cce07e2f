"""``anonymize verify``: whether an output is what its report says."""

from __future__ import annotations

import json
from pathlib import Path

import click

from anonymize.cli.edge import guarded
from anonymize.cli.policy_file import read_policy
from anonymize.errors import PersonalDataRemain
from anonymize.verification import read_report, verify

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_MARKS = {True: "✓", False: "✗", None: "–"}


@click.command("verify")
@click.argument("output", type=_FILE)
@click.option("--report", "report_file", required=True, type=_FILE, help="报告（JSON）。The report (JSON).")
@click.option("--source", type=_FILE, help="原始文件。The raw file.")
@click.option("--policy", "policy_file", type=_FILE, help="方案文件。The policy file.")
@click.option("--json", "as_json", is_flag=True, help="机器可读的输出。Machine-readable output.")
@guarded
def verify_command(
    output: Path, report_file: Path, source: Path | None, policy_file: Path | None, as_json: bool
) -> None:
    """核对输出与报告：摘要、方案、版本，并再次复扫；不符或仍有个人信息时退出码为 3。

    Check an output against its report: digests, policy, version, and one more scan. Exit code 3 when anything
    differs or personal data remain.
    """
    policy = None if policy_file is None else read_policy(policy_file)
    found = verify(output, read_report(report_file), source=source, policy=policy)
    if as_json:
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
    else:
        for check in found.checks:
            click.echo(f"{_MARKS[check.holds]} {check.sentence.zh} · {check.sentence.en}")
    if not found.holds:
        raise PersonalDataRemain("输出与报告不符，不得使用。", "the output is not what the report says.")
