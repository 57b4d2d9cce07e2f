"""Search all that the suite writes for the invented persons that went in: output, logs, errors, reports.

Every person that a factory makes is noted here. After each test its captured output and logs are searched
for the persons' numbers, addresses and mail addresses; errors of the library are searched when they are
made, reports when they are written. A test during which one of them shows a person fails, also when nothing
in it asked for that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator
from functools import wraps
from typing import Any

import pytest

from tests.factories import people

_TOKEN = re.compile(r"[0-9A-Za-z.]+@[0-9A-Za-z.]+|\d{6,}[Xx]?")
_SHOWN: list[str] = []
"""Where somebody was shown since the last test ended."""


def shows(text: str) -> bool:
    """Whether a number or mail address of an invented person stands in ``text``."""
    return not people.MADE.isdisjoint(_TOKEN.findall(text))


def watched(where: str, write: Callable[..., Any], read: Callable[[Any, Any], str]) -> Callable[..., Any]:
    """``write``, whose outcome is searched: ``read(self, result)`` is the text of it."""

    @wraps(write)
    def wrapper(self: Any, *args: Any, **named: Any) -> Any:
        result = write(self, *args, **named)
        if shows(read(self, result)):
            _SHOWN.append(where)
        return result

    return wrapper


def pytest_configure() -> None:
    """Watch errors and reports wherever they are made."""
    from anonymize.errors import AnonymizeError
    from anonymize.report import Report

    AnonymizeError.__init__ = watched(
        "an error", AnonymizeError.__init__, lambda error, _: f"{error.zh} {error.en} {error.params}"
    )
    Report.as_dict = watched("a report", Report.as_dict, lambda _, told: repr(told))
    Report.to_html = watched("a printed report", Report.to_html, lambda _, page: page)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail the test that showed a person."""
    report = yield
    where = [title for title, text in report.sections if title.startswith("Captured") and shows(text)]
    where += _SHOWN
    _SHOWN.clear()
    if where and report.passed:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} shows a person in: {', '.join(where)}"
    return report
