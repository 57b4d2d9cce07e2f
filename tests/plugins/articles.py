"""Record which statutory article each test proves: ``build/articles.json``.

A pytest run merges its outcomes into the file, so that the library, portal and browser layers add up.
A skipped test is recorded as skipped: it proves nothing.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path

import pytest

BUILD = Path(__file__).resolve().parents[2] / "build"
OUTCOMES = pytest.StashKey[dict[str, dict[str, str]]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[OUTCOMES] = {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    outcomes = item.config.stash[OUTCOMES]
    for marker in item.iter_markers("article"):
        for article in marker.args:
            tests = outcomes.setdefault(article, {})
            if report.when == "call" or report.outcome != "passed":
                tests[item.nodeid] = report.outcome
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    outcomes = session.config.stash[OUTCOMES]
    if hasattr(session.config, "workerinput") or not outcomes:
        return
    BUILD.mkdir(exist_ok=True)
    path = BUILD / "articles.json"
    merged: dict[str, dict[str, str]] = {}
    if path.exists():
        for article, entries in json.loads(path.read_text(encoding="utf-8")).items():
            merged[article] = {entry["test"]: entry["outcome"] for entry in entries}
    for article, tests in outcomes.items():
        merged.setdefault(article, {}).update(tests)
    document = {
        article: [{"test": test, "outcome": outcome} for test, outcome in sorted(tests.items())]
        for article, tests in sorted(merged.items())
    }
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
