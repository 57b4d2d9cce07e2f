"""No module of a library needs itself: circles of imports, those inside functions and for types included.

A circle says that two modules are one, or that a wall stands in the wrong place; an import that is put off
until a function runs only hides it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Graph = Mapping[str, set[str]]


def sources(package: Path) -> dict[str, ast.Module]:
    """Every module of a package by its dotted name."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    return found


def imported(tree: ast.Module, known: Mapping[str, ast.Module]) -> Iterator[str]:
    """Modules of the package that a module imports, wherever the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in known else node.module


def graph(known: Mapping[str, ast.Module]) -> Graph:
    """What each module needs; the packages that have to be loaded before another's module are part of it."""
    needs: dict[str, set[str]] = {}
    for name, tree in known.items():
        needs[name] = set()
        for other in imported(tree, known):
            parts = other.split(".")
            above = {".".join(parts[:n]) for n in range(1, len(parts))}
            needs[name] |= {other} | {p for p in above if not f"{name}.".startswith(f"{p}.")}
        needs[name].discard(name)
    return needs


def circle(needs: Graph) -> list[str]:
    """One circle, or nothing."""
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("package", ["anonymize", "licensing"])
def test_no_module_of_a_library_needs_itself(package: str) -> None:
    needs = graph(sources(ROOT / package))
    assert len(needs) > 50
    assert circle(needs) == []


def test_imports_are_absolute_so_that_the_rule_sees_them() -> None:
    relative = [
        name
        for package in ("anonymize", "licensing")
        for name, tree in sources(ROOT / package).items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_the_rule_sees_a_circle_that_a_function_hides() -> None:
    known = {
        "p": ast.parse(""),
        "p.a": ast.parse("from p.b import f"),
        "p.b": ast.parse("def f():\n    from p import a"),
        "p.c": ast.parse("import p.a"),
    }
    assert set(circle(graph(known))) == {"p.a", "p.b"}


def test_the_rule_sees_a_circle_through_a_package() -> None:
    """Who imports ``p.q.x`` loads ``p.q`` first, and all that it imports."""
    known = {
        "p": ast.parse(""),
        "p.q": ast.parse("from p.q.y import f"),
        "p.q.x": ast.parse(""),
        "p.q.y": ast.parse("from p.z import g"),
        "p.z": ast.parse("from p.q.x import h"),
    }
    assert set(circle(graph(known))) == {"p.q", "p.q.y", "p.z"}
