"""The plan as a form: from a release to rows of fields, from posted fields to the action's ``columns``.

Operators and their parameters are read from the registry of ``anonymize``, so a new operator appears
on the page without a line here. The form may show only some of the columns; the others keep the plan
they have.
"""

from __future__ import annotations

import dataclasses
import secrets
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
from ckan.plugins import toolkit as tk

import anonymize.operators  # noqa: F401  (registers every operator)
from anonymize.entities import Entity
from anonymize.errors import AnonymizeError
from anonymize.operators.registry import Operator, OperatorContext, Scope, all_operators, get_operator
from ckanext.govdata.views import release_words

OWN = "own"

EXAMPLES: Mapping[str, tuple[str, ...]] = {
    # The two numbers that GB 11643-1999 itself gives as examples; nobody alive holds them.
    "CN_RESIDENT_ID": ("11010519491231002X", "440524188001010014"),
    "CN_PASSPORT": ("E00000000",),
    "CN_MOBILE": ("13800138000", "19900000000"),
    "CN_LANDLINE": ("010-12345678",),
    "CN_BANK_CARD": ("6222020000000000005",),
    "CN_USCC": ("91350100M000100Y43",),
    "EMAIL_ADDRESS": ("zhang.san@example.org",),
    "CN_VEHICLE_PLATE": ("京A00000",),
    "DATE_OF_BIRTH": ("1990-05-17", "1962年11月3日"),
    "PERSON": ("张三", "欧阳小四"),
    "ADDRESS": ("北京市东城区示例街道样板路1号2单元301室",),
    "free_text": ("来电人张三反映路灯不亮，电话13800138000。",),
    "number": ("1234.5", "87"),
    "date": ("2024-05-17",),
    "": ("示例内容", "1234"),
}
"""Invented cells for trying an operator on the page, by entity or by kind of column."""


class PlanRefused(Exception):
    """The posted plan cannot be understood; ``sentences`` say where and why, in the reader's language."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("; ".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a select."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ParamField:
    """One parameter of an operator as a form control."""

    name: str
    label: str
    control: typing.Literal["choice", "number", "text", "check"]
    choices: tuple[Choice, ...]
    default: Any
    least: int | None
    step: str
    hint: Any


@dataclass(frozen=True, slots=True)
class OperatorChoice:
    """An operator as the page offers it."""

    name: str
    label: str
    params: tuple[ParamField, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One column of the table: what was found, and what the plan says now."""

    index: int
    name: str
    finding: Mapping[str, Any]
    operator: str
    params: Mapping[str, Any]
    origin: str
    consent: str
    description: str
    declared_type: str
    level: int
    justification: str
    quasi: bool
    proposed: bool
    """Whether the operator and its parameters are still those that were proposed."""

    @property
    def personal(self) -> bool:
        return self.finding["kind"] in ("identifier", "free_text") or bool(self.finding.get("embedded"))

    @property
    def foreign(self) -> bool:
        """From another department: its consent is needed (JS-17, HB-14). An origin not named yet is not."""
        return self.origin not in (OWN, "")


def operators() -> dict[str, OperatorChoice]:
    """Every operator that an open release may use, by name, with its parameters as controls."""
    offered = (op for op in all_operators() if op.scope is Scope.COLUMN and not op.reversible)
    return {op.name: _choice(op) for op in offered}


def _choice(op: Operator) -> OperatorChoice:
    label = op.label.zh if release_words.is_chinese() else op.label.en
    hints = typing.get_type_hints(op.params_type)
    fields = tuple(_field(field, hints[field.name]) for field in dataclasses.fields(op.params_type))
    return OperatorChoice(op.name, label, fields)


def _field(field: dataclasses.Field[Any], hint: Any) -> ParamField:
    default = None if field.default is dataclasses.MISSING else field.default
    plain = _without_none(hint)
    label = release_words.param(field.name)
    if typing.get_origin(plain) is typing.Literal:
        values = [str(value) for value in typing.get_args(plain)]
        choices = tuple(Choice(value, release_words.param_value(value)) for value in values)
        if plain is not hint:
            choices = (Choice("", release_words.param_value("")), *choices)
        return ParamField(field.name, label, "choice", choices, default, None, "", hint)
    if plain is bool:
        return ParamField(field.name, label, "check", (), default, None, "", hint)
    if plain in (int, float):
        # Counts start at 0; a bound or a limit may lie below.
        least, step = (0, "1") if plain is int else (None, "any")
        return ParamField(field.name, label, "number", (), default, least, step, hint)
    return ParamField(field.name, label, "text", (), default, None, "", hint)


def _without_none(hint: Any) -> Any:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        rest = [arg for arg in typing.get_args(hint) if arg is not type(None)]
        return rest[0] if len(rest) == 1 else hint
    return hint


def rows(data: Mapping[str, Any], posted: Mapping[str, str]) -> list[Row]:
    """The columns of a release in file order, with the plan, or the proposal where there is no plan.

    ``posted`` overrides both, so that a refused form comes back as it was filled in.
    """
    findings = (data.get("findings") or {}).get("columns") or []
    plan = data.get("plan") or {}
    planned = {c["name"]: c for c in plan.get("columns") or []}
    policy = plan.get("policy") or {}
    quasi = policy.get("quasi_identifiers") if plan else None
    found = []
    for finding in findings:
        base = _row(data, finding, planned.get(finding["name"]), quasi)
        found.append(_overridden(base, posted) if f"c-{base.index}-here" in posted else base)
    if posted.get("apply_origin"):
        origin, consent = posted.get("all_origin", ""), posted.get("all_consent", "").strip()
        found = [dataclasses.replace(row, origin=origin, consent=consent) for row in found]
    return found


def _row(
    data: Mapping[str, Any],
    finding: Mapping[str, Any],
    rule: Mapping[str, Any] | None,
    quasi: list[str] | None,
) -> Row:
    """One column; an origin that nobody named is empty, so that somebody has to name it."""
    proposed = finding["proposed"]
    operator = rule["operator"] if rule else proposed["name"]
    params = (rule if rule else proposed).get("params") or {}
    rule = rule or {}
    return Row(
        index=finding["index"],
        name=finding["name"],
        finding=finding,
        operator=operator,
        params=params,
        origin=rule.get("origin") or data.get("origin") or "",
        consent=rule.get("consent") or (data.get("consent") or "" if not rule.get("origin") else ""),
        description=rule.get("description") or "",
        declared_type=rule.get("declared_type") or finding["declared_type"],
        level=int(rule.get("level") or finding["level"]),
        justification=rule.get("justification") or "",
        quasi=finding["name"] in quasi if quasi is not None else bool(finding["quasi"]),
        proposed=operator == proposed["name"] and dict(params) == dict(proposed.get("params") or {}),
    )


def _overridden(row: Row, posted: Mapping[str, str]) -> Row:
    """The row with what was typed into it; parameters that cannot be read stay out until :func:`parse`."""
    prefix = f"c-{row.index}-"

    def text(name: str, default: str) -> str:
        return posted.get(prefix + name, default).strip()

    operator = text("operator", row.operator)
    values = {key[len(prefix) + 2 :]: value for key, value in posted.items() if key.startswith(prefix + "p-")}
    try:
        params = _converted(operator, values)
    except PlanRefused:
        params = {}
    return dataclasses.replace(
        row,
        operator=operator,
        params=params,
        origin=text("origin", row.origin),
        consent=text("consent", row.consent),
        description=text("description", row.description),
        declared_type=text("declared_type", row.declared_type),
        level=int(text("level", str(row.level))) if text("level", "").isdigit() else row.level,
        justification=text("justification", row.justification),
        quasi=prefix + "quasi" in posted,
        proposed=False,
    )


def parse(data: Mapping[str, Any], posted: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of ``govdata_release_plan`` out of the posted form.

    Raises:
        PlanRefused: a parameter is not understood by its operator; names the columns.
    """
    problems: list[str] = []
    columns = []
    settled = rows(data, posted)
    for row in settled:
        try:
            params = _posted_params(row, posted) if f"c-{row.index}-here" in posted else dict(row.params)
            get_operator(row.operator).parse(params)
        except (PlanRefused, AnonymizeError) as error:
            said = error.sentences[0] if isinstance(error, PlanRefused) else _sentence(error)
            problems.append(tk._("Column “{name}”: {problem}").format(name=row.name, problem=said))
            continue
        columns.append(
            {
                "name": row.name,
                "operator": row.operator,
                "params": params,
                "origin": row.origin,
                "consent": row.consent,
                "description": row.description,
                "declared_type": row.declared_type,
                "level": row.level,
                "justification": row.justification,
            }
        )
    k = posted.get("k", "").strip()
    if k and not k.isdigit():
        problems.append(tk._("k must be a whole number."))
    if problems:
        raise PlanRefused(problems)
    answer: dict[str, Any] = {
        "columns": columns,
        "quasi_identifiers": [row.name for row in settled if row.quasi and row.operator != "drop"],
    }
    if k:
        answer["k"] = int(k)
    return answer


def _posted_params(row: Row, posted: Mapping[str, str]) -> dict[str, Any]:
    prefix = f"c-{row.index}-p-"
    return _converted(row.operator, {k[len(prefix) :]: v for k, v in posted.items() if k.startswith(prefix)})


def typed_params(operator: str, texts: Mapping[str, str]) -> dict[str, Any]:
    """The parameters of one operator out of ``p-<name>`` texts, for trying it on the page."""
    return _converted(operator, {k[2:]: v for k, v in texts.items() if k.startswith("p-")})


def _converted(operator: str, texts: Mapping[str, str]) -> dict[str, Any]:
    """Texts of form controls as values; an empty text means the operator's own default.

    Fields of the operator that was chosen before are still in the form: names that the chosen operator
    does not have are left out.
    """
    try:
        choice = _choice(get_operator(operator))
    except AnonymizeError as error:
        raise PlanRefused([_sentence(error)]) from error
    values: dict[str, Any] = {}
    for field in choice.params:
        text = texts.get(field.name, "").strip()
        if text:
            value = _value(field, text)
            if value != field.default:
                values[field.name] = value
    return values


def _value(field: ParamField, text: str) -> Any:
    plain = _without_none(field.hint)
    try:
        if plain is bool:
            return text == "true"
        if plain is int:
            return int(text)
        if plain is float:
            return float(text)
        if typing.get_origin(plain) is tuple:
            item = typing.get_args(plain)[0]
            return tuple(item(part) for part in text.replace("，", ",").split(",") if part.strip())
        if typing.get_origin(plain) is typing.Literal:
            return next((value for value in typing.get_args(plain) if str(value) == text), text)
    except ValueError as error:
        raise PlanRefused([tk._("“{param}” must be a number.").format(param=field.label)]) from error
    return text


def preview(operator: str, params: Mapping[str, Any], kind: str) -> list[dict[str, str]]:
    """The real operator on invented cells: pairs of before and after, under a key that is thrown away.

    Raises:
        PlanRefused: there is no such operator, or it does not take these parameters.
    """
    cells = EXAMPLES.get(kind, EXAMPLES[""])
    entity = Entity(kind) if kind in Entity._value2member_map_ else None
    column = pl.Series("example", cells, dtype=pl.String)
    try:
        chosen = get_operator(operator)
        context = OperatorContext(key=secrets.token_bytes(32), column="example", entity=entity)
        result = chosen(column, chosen.parse(params), context)
    except AnonymizeError as error:
        raise PlanRefused([_sentence(error)]) from error
    after = [""] * len(cells) if result is None else [cell or "" for cell in result.to_list()]
    return [{"before": b, "after": a} for b, a in zip(cells, after, strict=True)]


def _sentence(error: AnonymizeError) -> str:
    return error.message("zh" if release_words.is_chinese() else "en")
