"""Record which statutory article each test proves: ``build/articles.json``.

A pytest run merges its outcomes into the file, so that the library, portal and browser layers add up.
A skipped test is recorded as skipped: it proves nothing. The article ids travel in the report's user
properties, so that tests run in worker processes are counted by the process that closes the run.
"""

from __future__ import annotations

import json
from collections.abc import Generator
from pathlib import Path

import pytest

BUILD = Path(__file__).resolve().parents[2] / "build"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    articles = [article for marker in item.iter_markers("article") for article in marker.args]
    report.user_properties.append(("articles", articles))
    return report


class Recorder:
    """Collects the outcomes of one run and merges them into the file when it closes."""

    def __init__(self) -> None:
        self.outcomes: dict[str, dict[str, str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.passed:
            return
        for article in dict(report.user_properties).get("articles", ()):
            self.outcomes.setdefault(str(article), {})[report.nodeid] = report.outcome

    def pytest_sessionfinish(self) -> None:
        if not self.outcomes:
            return
        BUILD.mkdir(exist_ok=True)
        path = BUILD / "articles.json"
        merged: dict[str, dict[str, str]] = {}
        if path.exists():
            for article, entries in json.loads(path.read_text(encoding="utf-8")).items():
                merged[article] = {entry["test"]: entry["outcome"] for entry in entries}
        for article, tests in self.outcomes.items():
            merged.setdefault(article, {}).update(tests)
        document = {
            article: [{"test": test, "outcome": outcome} for test, outcome in sorted(tests.items())]
            for article, tests in sorted(merged.items())
        }
        path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder())
