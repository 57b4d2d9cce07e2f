"""The report as a PDF: A4, Chinese typefaces embedded as subsets, the same bytes for the same report.

Set by typst from the content of ``evidence``, which reaches the template as data and is never read as
markup. The typefaces are Noto Serif and Noto Sans CJK SC (SIL Open Font License) from the wheel
``mplfonts``; typst looks nowhere else, so that the bytes do not depend on the machine.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

from anonymize.errors import WrongUse
from anonymize.evidence import document

_TEMPLATE = "report.typ"


def render_pdf(report: Mapping[str, Any], lang: str = "zh") -> bytes:
    """The PDF for ``Report.as_dict()`` (also one read back from JSON).

    Raises:
        WrongUse: the typefaces are not installed.
    """
    source = (files("anonymize") / "templates" / _TEMPLATE).read_bytes()
    content = json.dumps(document(report, lang).as_dict(), ensure_ascii=False)
    made = typst.Compiler(source, font_paths=_fonts(), ignore_system_fonts=True).compile(
        format="pdf",
        sys_inputs={"document": content, "software": f"govdata {version('govdata')}"},
        # No clock: the same report gives the same bytes.
        timestamp=0,
    )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


@cache
def _fonts() -> typst.Fonts:
    """The typefaces, found without importing the package that carries them."""
    spec = find_spec("mplfonts")
    folder = None if spec is None or spec.origin is None else Path(spec.origin).parent / "fonts"
    if folder is None or not (folder / "NotoSerifCJKsc-Regular.otf").exists():
        raise WrongUse(
            "缺少排版所需的中文字体，请重新安装本软件。",
            "The Chinese typefaces for setting the report are missing; install this software again.",
        )
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
