"""``anonymize apply``: carry out a policy, and leave outputs only when they may leave."""

from __future__ import annotations

import secrets
from pathlib import Path

import click

from anonymize.cli.edge import guarded, progress_bar
from anonymize.cli.keys import takes_keys
from anonymize.cli.outputs import Outputs
from anonymize.cli.policy_file import read_policy
from anonymize.cli.report_files import ReportFiles, writes_reports
from anonymize.cli.source import Reading, reads_a_source
from anonymize.detect import scan
from anonymize.engines.base import Progress
from anonymize.engines.local import apply
from anonymize.errors import PersonalDataRemain, WrongUse
from anonymize.keys import KeyRing
from anonymize.policy import Policy
from anonymize.report import Report
from anonymize.writers import FORMATS, USUAL_FORMATS


@click.command("apply")
@reads_a_source
@click.option(
    "--policy",
    "policy_file",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="方案文件（YAML）。Policy file (YAML).",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="输出目录。Folder for the outputs.",
)
@click.option(
    "--format",
    "formats",
    default=",".join(USUAL_FORMATS),
    show_default=True,
    help=f"以逗号分隔的格式。Formats, separated by commas: {', '.join(FORMATS)}.",
)
@takes_keys
@writes_reports
@guarded
def apply_command(
    reading: Reading, policy_file: Path, out: Path, formats: str, keys: KeyRing, reports: ReportFiles
) -> None:
    """按方案脱敏并写出；复扫仍有个人信息时不留下任何输出。

    Carry out a policy. Nothing is left in the folder while the re-scan finds personal data.
    """
    chosen = _formats(formats)
    policy = read_policy(policy_file)
    with progress_bar() as progress:
        report = _run(reading, policy, out, chosen, keys, progress)
    reports.write(report)
    if blockers := report.blockers():
        raise PersonalDataRemain(
            "已拒绝，未留下任何输出：\n{zh_list}",
            "refused, no output was left:\n{en_list}",
            zh_list="\n".join(f"  - {b.zh}" for b in blockers),
            en_list="\n".join(f"  - {b.en}" for b in blockers),
        )
    for output in report.outputs:
        click.echo(f"{output.sha256}  {output.filename}")


def _formats(text: str) -> tuple[str, ...]:
    formats = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise WrongUse(
            "没有格式 {name}；可用：{known}。",
            "There is no format {name}; there are: {known}.",
            name=", ".join(unknown) or "—",
            known=", ".join(FORMATS),
        )
    return formats


def _run(
    reading: Reading,
    policy: Policy,
    out: Path,
    formats: tuple[str, ...],
    keys: KeyRing,
    progress: Progress,
) -> Report:
    table = reading.open()
    policy.bind(table.columns)
    keys.bind(policy.key)  # a key that is nowhere is known before anything is read or written
    findings = scan(table, progress=progress)
    with Outputs(out, reading.stem, secrets.token_hex(4)) as outputs:
        sink = outputs.canonical(policy, table.columns)
        report = apply(table, policy, [sink], keys=keys, progress=progress, findings=findings)
        if report.blockers():
            return report
        return report.with_outputs(outputs.write(formats, progress))
