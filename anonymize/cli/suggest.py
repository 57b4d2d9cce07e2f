"""``anonymize suggest``: a policy file to start from."""

from __future__ import annotations

from pathlib import Path

import click

from anonymize.cli.edge import guarded, progress_bar
from anonymize.detect import scan
from anonymize.readers import open_table
from anonymize.suggest import reasons, suggest


@click.command("suggest")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", help="理由的语言。Language of the reasons."
)
@guarded
def suggest_command(file: Path, lang: str) -> None:
    """识别后给出脱敏方案（YAML），每列附理由。Scan, then print a policy (YAML) with the reasons."""
    with progress_bar() as progress:
        findings = scan(open_table(file), progress=progress)
    click.echo(suggest(findings).to_yaml(reasons(findings, lang)), nl=False)
