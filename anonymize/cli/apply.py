"""``anonymize apply``: carry out a policy, and leave outputs only when they may leave."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import click

from anonymize.api import EngineName, apply
from anonymize.cli.edge import guarded, progress_bar
from anonymize.cli.keys import takes_keys
from anonymize.cli.outputs import Outputs, output_files
from anonymize.cli.policy_file import read_policy
from anonymize.cli.report_files import ReportFiles, writes_reports
from anonymize.cli.source import Reading, reads_a_source
from anonymize.cli.unnamed import spare
from anonymize.engines.base import Progress
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
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="运行方式：本机流式，或 Apache Spark（结果逐字节相同）。This machine, or Apache Spark: equal bytes.",
)
@click.option(
    "--master",
    default="local[*]",
    show_default=True,
    help="Spark 主节点，如 spark://host:7077、yarn。Master of Spark, for --engine spark.",
)
@takes_keys
@writes_reports
@guarded
def apply_command(
    reading: Reading,
    policy_file: Path,
    out: Path,
    formats: str,
    engine: EngineName,
    master: str,
    keys: KeyRing,
    reports: ReportFiles,
) -> None:
    """按方案脱敏并写出；复扫仍有个人信息时不留下任何输出。

    Carry out a policy. Nothing is left in the folder while the re-scan finds personal data.
    """
    chosen = _formats(formats)
    policy = read_policy(policy_file)
    spare([reading.path, policy_file], [*output_files(out, reading.stem, chosen), *reports.all])
    reports.prepare()
    with progress_bar() as progress:
        run = _Run(policy, keys, reports, engine, master, progress)
        report = run.carry_out(reading, out, chosen)
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


@dataclass(frozen=True)
class _Run:
    """One call, as the options say it."""

    policy: Policy
    keys: KeyRing
    reports: ReportFiles
    engine: EngineName
    master: str
    progress: Progress

    def carry_out(self, reading: Reading, out: Path, formats: tuple[str, ...]) -> Report:
        """Scan, apply, and leave the formats in ``out`` when nothing blocks them; the reports in any case."""
        table = reading.open()
        self.policy.bind(table.columns)
        # A key that is nowhere, or another one, is known before anything is read or written.
        self.keys.bind(self.policy.key, self.policy.key_check)
        with Outputs(out, reading.stem) as outputs, ExitStack() as opened:
            report = apply(
                table,
                self.policy,
                outputs.canonical(self.policy, table.columns),
                keys=self.keys,
                progress=self.progress,
                engine=self.engine,
                master=self.master,
            )
            if not report.blockers():
                report = report.with_outputs(outputs.write(formats, self.progress))
            outputs.keep(self.reports.write(report, opened))
            return report
