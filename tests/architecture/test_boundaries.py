"""Which package may import which, and who may set a status: read from the source itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "ckanext-govdata" / "ckanext" / "govdata"
FORBIDDEN = {"anonymize": {"ckan", "ckanext", "licensing"}, "licensing": {"ckan", "ckanext", "anonymize"}}


def modules(folder: Path) -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(folder.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported_roots(tree: ast.Module) -> set[str]:
    roots: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            roots |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            roots.add(node.module.partition(".")[0])
    return roots


@pytest.mark.parametrize("package", sorted(FORBIDDEN))
def test_a_library_imports_neither_ckan_nor_the_other_library(package: str) -> None:
    found = {
        f"{path.relative_to(ROOT)} imports {root}"
        for path, tree in modules(ROOT / package)
        for root in imported_roots(tree) & FORBIDDEN[package]
    }
    assert not found


def status_assignments(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr == "status":
                    yield node.lineno


def test_only_the_lifecycle_sets_a_status() -> None:
    """One writer of status; setting an HTTP response's ``status_code`` is another attribute."""
    writer = ROOT / "licensing" / "core" / "lifecycle.py"
    found = {
        f"{path.relative_to(ROOT)}:{line}"
        for folder in (ROOT / "licensing", PORTAL)
        for path, tree in modules(folder)
        if path != writer
        for line in status_assignments(tree)
    }
    assert not found


def test_the_ckanext_folder_stays_a_namespace() -> None:
    assert not (ROOT / "ckanext-govdata" / "ckanext" / "__init__.py").exists()


def test_the_writer_that_the_rule_spares_is_really_there() -> None:
    """The rule above would pass on an empty tree; this shows that it can see an assignment."""
    tree = ast.parse((ROOT / "licensing" / "core" / "lifecycle.py").read_text(encoding="utf-8"))
    assert list(status_assignments(tree))
