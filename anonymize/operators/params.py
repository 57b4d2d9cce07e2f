"""Typed operator parameters: a frozen dataclass per operator, filled strictly from a mapping.

A policy is parsed whole before row one, so a misspelt parameter must be an error, never a default.
"""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from collections.abc import Mapping
from typing import Any, TypeVar

from anonymize.errors import PolicyInvalid

P = TypeVar("P")


class Unfit(ValueError):
    """Parameters that do not hold together, in both languages and without a full stop; parameter types raise
    it when they are made."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)


def parse_params(operator: str, params_type: type[P], given: Mapping[str, Any]) -> P:
    """Build ``params_type`` from ``given``; a name, type or value it does not take raises PolicyInvalid."""
    known = {f.name: f for f in dataclasses.fields(params_type)}  # type: ignore[arg-type]
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise PolicyInvalid(
            "算子 {operator} 没有参数 {param}；可用参数：{known}。",
            "Operator {operator} has no parameter {param}; it takes: {known}.",
            operator=operator,
            param=", ".join(unknown),
            known=", ".join(known) or "—",
        )
    needed = [name for name, f in known.items() if f.default is f.default_factory is dataclasses.MISSING]
    if absent := [name for name in needed if name not in given]:
        raise PolicyInvalid(
            "算子 {operator} 需要参数 {param}。",
            "Operator {operator} needs the parameter {param}.",
            operator=operator,
            param=", ".join(absent),
        )
    hints = typing.get_type_hints(params_type)
    values = {name: _coerce(operator, name, hints[name], value) for name, value in given.items()}
    try:
        return params_type(**values)
    except Unfit as error:
        raise PolicyInvalid(
            "算子 {operator} 的参数不成立：{detail_zh}。",
            "The parameters of operator {operator} do not hold: {detail_en}.",
            operator=operator,
            detail_zh=error.zh,
            detail_en=error.en,
        ) from None


def _coerce(operator: str, name: str, hint: Any, value: Any) -> Any:
    if (accepted := _match(hint, value)) is not _REFUSED:
        return accepted
    raise PolicyInvalid(
        "算子 {operator} 的参数 {param} 应为 {expected}。",
        "Parameter {param} of operator {operator} must be {expected}.",
        operator=operator,
        param=name,
        expected=_describe(hint),
    )


_REFUSED = object()


def _match(hint: Any, value: Any) -> Any:
    """``value`` as ``hint`` wants it, or ``_REFUSED``. ``bool`` is not an integer here."""
    origin = typing.get_origin(hint)
    if origin is typing.Literal:
        return value if value in typing.get_args(hint) else _REFUSED
    if origin in (typing.Union, types.UnionType):
        return next(
            (m for arg in typing.get_args(hint) if (m := _match(arg, value)) is not _REFUSED), _REFUSED
        )
    if origin is tuple:
        item = typing.get_args(hint)[0]
        if not isinstance(value, (list, tuple)):
            return _REFUSED
        items = tuple(_match(item, v) for v in value)
        return _REFUSED if _REFUSED in items else items
    if hint is type(None):
        return None if value is None else _REFUSED
    if hint is float:
        return _number(value)
    if hint is int and isinstance(value, bool):
        return _REFUSED
    return value if isinstance(hint, type) and isinstance(value, hint) else _REFUSED


def _number(value: Any) -> Any:
    """A number that can be calculated with: not ``.nan``, not ``.inf``, not one of 400 digits."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return _REFUSED
    try:
        number = float(value)
    except OverflowError:
        return _REFUSED
    return number if math.isfinite(number) else _REFUSED


_NAMES = {"int": "whole number", "float": "number", "str": "text", "bool": "true | false"}


def _describe(hint: Any) -> str:
    origin = typing.get_origin(hint)
    if origin is typing.Literal:
        return " | ".join(map(str, typing.get_args(hint)))
    if origin in (typing.Union, types.UnionType):
        return " | ".join(_describe(arg) for arg in typing.get_args(hint))
    if origin is tuple:
        return f"[{_describe(typing.get_args(hint)[0])}, …]"
    return "null" if hint is type(None) else _NAMES.get(hint.__name__, str(hint.__name__))
