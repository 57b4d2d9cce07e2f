"""``anonymize recognizers`` and ``anonymize operators``: what there is."""

from __future__ import annotations

import dataclasses
import inspect
import json

import click

from anonymize.entities import LEVEL
from anonymize.evidence.words import entity_name
from anonymize.operators import Operator, all_operators
from anonymize.policy_schema import params_schema
from anonymize.recognizers import ColumnRecognizer, recognizers


@click.command("recognizers")
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="输出 JSON（含标准、格式与算例）。JSON, with standard, format and example.",
)
def recognizers_command(*, as_json: bool) -> None:
    """列出能识别的个人信息。List the kinds of personal data that are recognised."""
    found = [_recognized(recognizer) for recognizer in recognizers().values()]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one['entity']:22} 分级 level {one['level']}  {one['summary']}")


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


def _recognized(recognizer: ColumnRecognizer) -> dict[str, object]:
    """What a recognizer says of itself: its class in a line, its file in full."""
    home = inspect.getmodule(type(recognizer))
    entity = recognizer.ENTITY
    return {
        "entity": entity.value,
        "label": {"zh": entity_name(entity.value, True), "en": entity_name(entity.value, False)},
        "summary": inspect.cleandoc(type(recognizer).__doc__ or "").splitlines()[0],
        "description": inspect.cleandoc(home.__doc__ or "") if home else "",
        "level": LEVEL.get(entity, 4),
        "in_text": recognizer.IN_TEXT,
        "needs_word": recognizer.NEEDS_WORD,
        "context": list(recognizer.CONTEXT),
    }


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
