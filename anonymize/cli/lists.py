"""``anonymize recognizers`` and ``anonymize operators``: what there is."""

from __future__ import annotations

import dataclasses
import json

import click

from anonymize.entities import LEVEL
from anonymize.operators import Operator, all_operators
from anonymize.policy_schema import params_schema
from anonymize.recognizers import recognizers


@click.command("recognizers")
def recognizers_command() -> None:
    """列出能识别的个人信息。List the kinds of personal data that are recognised."""
    for entity, recognizer in recognizers().items():
        first_line = (type(recognizer).__doc__ or "").strip().splitlines()[0]
        click.echo(f"{entity.value:22} 分级 level {LEVEL.get(entity, 4)}  {first_line}")


@click.command("operators")
@click.option(
    "--json", "as_json", is_flag=True, help="输出 JSON（含参数的模式）。JSON, with the schema of params."
)
def operators_command(*, as_json: bool) -> None:
    """列出算子及其参数。List the operators and their parameters."""
    if as_json:
        click.echo(json.dumps([_described(operator) for operator in all_operators()], ensure_ascii=False))
        return
    for operator in all_operators():
        names = ", ".join(f.name for f in dataclasses.fields(operator.params_type)) or "—"
        click.echo(f"{operator.name:16} {operator.label.zh}  [{names}]  {operator.summary}")


def _described(operator: Operator) -> dict[str, object]:
    return {
        "name": operator.name,
        "label": {"zh": operator.label.zh, "en": operator.label.en},
        "summary": operator.summary,
        "scope": operator.scope.value,
        "effect": operator.effect.value,
        "reversible": operator.reversible,
        "params": params_schema(operator)["properties"]["params"],
    }
