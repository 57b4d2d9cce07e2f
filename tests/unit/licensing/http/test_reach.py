"""Every public function of grants, usage and products can be reached, or it is said why not."""

from __future__ import annotations

import ast
import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import licensing

DOMAINS = ("grants", "usage", "products")
EDGES = ("api", "shown")
ROOT = Path(licensing.__file__).parent
WHY = {
    "grants.allows.allows": "the pure part of grants.check.check",
    "grants.bounds.beyond": "asked by grants.service.prepare",
    "grants.bounds.confidential": "asked by grants.check.check",
    "grants.bounds.within_quota": "asked by grants.service.prepare",
    "grants.rows.clause": "for whoever answers a call out of a database",
    "grants.rows.matches": "for whoever answers a call out of rows",
    "grants.terms.as_dict": "how terms are stored",
    "grants.tokens.digest": "how tokens are stored and found",
    "products.attribution.sentence": "part of products.register.public_view",
    "products.names.maker_of": "part of products.register.public_view",
    "products.offer.parse_offer": "checked by products.service",
    "usage.alarms.raise_alarms": "done by usage.drain.drain",
    "usage.downloads.obtained_on": "asked by products.service.submit",
    "usage.drain.nothing_between": "for whoever answers a call and looks at its quota again",
    "usage.meter.storable": "done by the meter to whatever a caller wrote",
    "usage.models.day_period": "a key of the counters",
    "usage.models.month_period": "a key of the counters",
}
"""Domain, module and name → why no route and no job calls it by itself."""


def modules() -> Iterator[ModuleType]:
    for domain in DOMAINS:
        package = import_module(f"licensing.{domain}")
        for each in pkgutil.iter_modules(package.__path__):
            if each.name not in EDGES:
                yield import_module(f"licensing.{domain}.{each.name}")


def public() -> set[str]:
    return {
        f"{module.__name__.removeprefix('licensing.')}.{name}"
        for module in modules()
        for name, each in vars(module).items()
        if inspect.isfunction(each) and each.__module__ == module.__name__ and not name.startswith("_")
    }


def called() -> set[str]:
    """Names that the edges use: those of the three domains' interfaces, and the jobs."""
    edges = [ROOT / domain / f"{edge}.py" for domain in DOMAINS for edge in EDGES]
    found: set[str] = set()
    for path in [*(each for each in edges if each.exists()), ROOT / "cli" / "jobs.py"]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute):
                found.add(node.attr)
            elif isinstance(node, ast.Name):
                found.add(node.id)
    return found


def test_every_public_function_has_a_route_or_a_job_or_a_reason() -> None:
    reached = called()
    unreached = {name for name in public() if name.rpartition(".")[2] not in reached}
    assert unreached == set(WHY)
