"""The report as a page: printable, self-contained, in Chinese or English."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import jinja2

from anonymize.evidence import document

_TEMPLATE = "report.html"


def render(report: Mapping[str, Any], lang: str = "zh") -> str:
    """The page for ``Report.as_dict()`` (also one read back from JSON). Everything is escaped."""
    return _environment().get_template(_TEMPLATE).render(d=document(report, lang))


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("anonymize", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
