"""The typefaces of documents, found without asking the machine, so that the bytes are the same everywhere.

Song (宋体) is Noto Serif CJK SC and Hei (黑体) Noto Sans CJK SC (SIL Open Font License) from the wheel
``mplfonts``. An installation that holds a licence for 仿宋 and 小标宋 names their folder in
``LICENSING_FONTS``; GB/T 9704-2012 asks for them, and the templates prefer them when they are there.
"""

from __future__ import annotations

import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import typst

from licensing.core.errors import InvalidInput

FOLDER = "LICENSING_FONTS"
_NEEDED = "NotoSerifCJKsc-Regular.otf"


def typefaces() -> typst.Fonts:
    """The installed typefaces and, first, those of the folder in ``LICENSING_FONTS``.

    Raises:
        InvalidInput: the typefaces are not installed, or the folder is not there.
    """
    return _load(os.environ.get(FOLDER, ""))


@cache
def _load(extra: str) -> typst.Fonts:
    spec = find_spec("mplfonts")
    folder = None if spec is None or spec.origin is None else Path(spec.origin).parent / "fonts"
    if folder is None or not (folder / _NEEDED).exists():
        raise InvalidInput(
            "缺少排版所需的中文字体，请重新安装本软件。",
            "The Chinese typefaces for setting documents are missing; install this software again.",
        )
    if extra and not Path(extra).is_dir():
        raise InvalidInput(
            "配置项 {name} 指向的字体目录不存在。", "The folder that {name} names is not there.", name=FOLDER
        )
    folders = [Path(extra), folder] if extra else [folder]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
