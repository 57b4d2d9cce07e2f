"""``anonymize recognizers`` and ``anonymize operators``: what there is."""

from __future__ import annotations

import dataclasses

import click

from anonymize.entities import LEVEL
from anonymize.operators import all_operators
from anonymize.recognizers import recognizers


@click.command("recognizers")
def recognizers_command() -> None:
    """列出能识别的个人信息。List the kinds of personal data that are recognised."""
    for entity, recognizer in recognizers().items():
        first_line = (type(recognizer).__doc__ or "").strip().splitlines()[0]
        click.echo(f"{entity.value:22} 分级 level {LEVEL.get(entity, 4)}  {first_line}")


@click.command("operators")
def operators_command() -> None:
    """列出算子及其参数。List the operators and their parameters."""
    for operator in all_operators():
        names = ", ".join(f.name for f in dataclasses.fields(operator.params_type)) or "—"
        click.echo(f"{operator.name:12} {operator.label.zh}  [{names}]  {operator.summary}")
