"""The report as a page: printable, self-contained, in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import jinja2

_TEMPLATE = "report.html"


def render(report: Mapping[str, Any], lang: str = "zh") -> str:
    """The page for ``Report.as_dict()`` (also one read back from JSON). Everything is escaped."""
    chinese = lang.startswith("zh")

    def say(zh: str, en: str) -> str:
        return zh if chinese else en

    def pick(sentence: Mapping[str, str]) -> str:
        return sentence["zh" if chinese else "en"]

    template = _environment().get_template(_TEMPLATE)
    return template.render(r=report, say=say, pick=pick, lang="zh-Hans" if chinese else "en")


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("anonymize", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
