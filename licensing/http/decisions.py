"""Routes made from services: one POST for each step that a service offers.

The request's document is the service's own keyword parameters, made strict: unknown members are refused,
texts and lists have a greatest length. So a parameter that a service gains is in the interface, its
description and its tests at once.
"""

from __future__ import annotations

import dataclasses
import inspect
import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec

from licensing.core.lifecycle import Lifecycle
from licensing.http.route import Call, Reply, Route

TEXT = Annotated[str, msgspec.Meta(max_length=4000)]
NUMBER = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]
MOST_ITEMS = 500
_OWN = frozenset({"session", "ctx", "if_version", "return"})

Service = Callable[..., Any]
Show = Callable[[Call, Any], Reply]


@cache
def _strict_dataclass(kind: type) -> type:
    hints = get_type_hints(kind)
    fields: list[Any] = []
    for each in dataclasses.fields(kind):
        if each.default is not dataclasses.MISSING:
            default = list(each.default) if isinstance(each.default, tuple) else each.default
            fields.append((each.name, strict(hints[each.name]), default))
        else:
            fields.append((each.name, strict(hints[each.name])))
    return msgspec.defstruct(
        f"{kind.__name__}In",
        fields,
        forbid_unknown_fields=True,
        kw_only=True,
        namespace={"__doc__": kind.__doc__},
    )


def strict(kind: Any) -> Any:
    """The type of a parameter as a request may bring it."""
    if kind is str:
        return TEXT
    if kind is int:
        return NUMBER
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _strict_dataclass(kind)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return Union[tuple(strict(each) for each in inner)]  # noqa: UP007  built at run time
    if origin in (tuple, list) or (isinstance(origin, type) and issubclass(origin, Sequence)):
        return Annotated[list[strict(inner[0])], msgspec.Meta(max_length=MOST_ITEMS)]  # type: ignore[misc]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return Annotated[dict[TEXT, strict(inner[1])], msgspec.Meta(max_length=MOST_ITEMS)]  # type: ignore[misc]
    return kind


def parameters(service: Service, leave: Iterable[str]) -> dict[str, tuple[Any, Any]]:
    """Type and default of each parameter that a request brings."""
    hints = get_type_hints(service)
    left = {*_OWN, *leave}
    return {
        name: (hints[name], each.default)
        for name, each in inspect.signature(service).parameters.items()
        if name not in left
    }


def body_of(service: Service, name: str, leave: Iterable[str]) -> type | None:
    """The document that a request brings for ``service``; None when it takes nothing."""
    fields: list[Any] = []
    for each, (kind, default) in parameters(service, leave).items():
        optional = default is not inspect.Parameter.empty
        plain = list(default) if isinstance(default, tuple) else default
        fields.append((each, strict(kind), plain) if optional else (each, strict(kind)))
    if not fields:
        return None
    return msgspec.defstruct(name, fields, forbid_unknown_fields=True, kw_only=True)


def arguments(service: Service, body: Any, leave: Iterable[str]) -> dict[str, Any]:
    """The request's document as the service wants it."""
    if body is None:
        return {}
    plain = msgspec.to_builtins(body)
    return {
        name: msgspec.convert(plain[name], _buildable(kind))
        for name, (kind, _) in parameters(service, leave).items()
    }


def _buildable(kind: Any) -> Any:
    """``Sequence`` and ``Mapping`` are no classes that can be made."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return Union[tuple(_buildable(each) for each in inner)]  # noqa: UP007
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return types.GenericAlias(dict, (inner[0], _buildable(inner[1])))
    if origin is Sequence or (isinstance(origin, type) and origin.__name__ == "Sequence"):
        return types.GenericAlias(tuple, (_buildable(inner[0]), ...))
    return kind


def steps(
    *,
    tag: str,
    path: str,
    place: str,
    find: Callable[[Call], Any],
    show: Show,
    answer: Any,
    lifecycles: Iterable[Lifecycle],
    services: Mapping[str, tuple[str, Service]],
    noun: str,
) -> tuple[Route, ...]:
    """One route for each of ``services``: last part of the path → (the lifecycle's action, the service).

    ``find`` raises NotFound unless the caller has to do with the subject; ``show`` makes the answer.
    """
    labels = {t.action: (t.zh, t.en) for each in lifecycles for t in each.transitions}
    return tuple(
        _step(tag, f"{path}/{{{place}}}/{word}", place, find, show, answer, service, f"{noun}{_camel(word)}",
              *labels[action])
        for word, (action, service) in services.items()
    )  # fmt: skip


def _step(
    tag: str, path: str, place: str, find: Callable[[Call], Any], show: Show, answer: Any, service: Service,
    name: str, zh: str, en: str,
) -> Route:  # fmt: skip
    subject = list(inspect.signature(service).parameters)[2]
    leave = (subject,)
    body = body_of(service, f"{name[0].upper()}{name[1:]}", leave)

    def handle(call: Call) -> Reply:
        find(call)
        given = arguments(service, call.body, leave)
        made = service(call.session, call.ctx, call.path[place], **given, if_version=call.if_version)
        return show(call, made)

    return Route("POST", path, name, tag, zh, en, handle, answer=answer, body=body, versioned=True)


def _camel(word: str) -> str:
    return "".join(part.capitalize() for part in word.split("-"))
