"""``anonymize suggest``: a policy file to start from."""

from __future__ import annotations

import click

from anonymize.cli.edge import guarded, progress_bar
from anonymize.cli.source import Reading, reads_a_source
from anonymize.detect import scan
from anonymize.suggest import reasons, suggest


@click.command("suggest")
@reads_a_source
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", help="理由的语言。Language of the reasons."
)
@guarded
def suggest_command(reading: Reading, lang: str) -> None:
    """识别后给出脱敏方案（YAML），每列附理由。Scan, then print a policy (YAML) with the reasons."""
    with progress_bar() as progress:
        findings = scan(reading.open(), progress=progress)
    click.echo(suggest(findings).to_yaml(reasons(findings, lang)), nl=False)
