"""Every route of the library, gathered from the domains' ``api`` modules.

A module may hold ``ROUTES`` (rows of :class:`Route`), ``SUBJECTS`` (lifecycle's name → :class:`Kind`), by
which the clocks and the history of anything are found, and ``SIGNERS`` (kind of document → the service that
takes a signature on it, where more follows from one).
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import licensing
from licensing.core.lifecycle import Lifecycle
from licensing.core.store.base import Stored
from licensing.http.route import Route

_CORE = ("licensing.core.ledger.api", "licensing.core.store.api")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of subject: its table, its lifecycle, and the names of its states (Chinese, English)."""

    model: type[Stored]
    lifecycle: Lifecycle
    states: Mapping[str, tuple[str, str]]


def _modules() -> list[ModuleType]:
    names = [*_CORE]
    for module in pkgutil.iter_modules(licensing.__path__, "licensing."):
        if module.ispkg and find_spec(f"{module.name}.api") is not None:
            names.append(f"{module.name}.api")
    return [import_module(name) for name in names]


@cache
def routes() -> tuple[Route, ...]:
    """All of them, in the order of the documentation.

    Raises:
        ValueError: two operations share a name, or a method and a path.
    """
    found = tuple(row for module in _modules() for row in getattr(module, "ROUTES", ()))
    for taken in ([row.name for row in found], [(row.method, row.template) for row in found]):
        twice = {each for each in taken if taken.count(each) > 1}
        if twice:
            raise ValueError(f"declared twice: {sorted(map(str, twice))}")
    return found


@cache
def subjects() -> Mapping[str, Kind]:
    """Kinds of subject by the names of their lifecycles."""
    return {name: kind for module in _modules() for name, kind in getattr(module, "SUBJECTS", {}).items()}


@cache
def signers() -> Mapping[str, Callable[..., Any]]:
    """Services that take a signature, with the parameters of ``signatures.service.add_signature``."""
    return {kind: take for module in _modules() for kind, take in getattr(module, "SIGNERS", {}).items()}
