"""The text for reading in the browser: plain lines, or Markdown with English headings beside the Chinese."""

from __future__ import annotations

import re

from licensing.agreements.wording import AgreementText, Grid

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~])")
_LEADING = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s)")


def to_plain(text: AgreementText) -> str:
    """Lines of text, each paragraph indented as in print."""
    head = [text.title, f"编号：{text.number}" if text.number else "", ""]
    body = [f"　　{line}" for line in text.preamble]
    for article in text.articles:
        body += ["", article.heading, *(f"　　{line}" for line in article.paragraphs)]
        body += [f"　　{'　'.join(row)}" for grid in article.grids for row in (grid.head, *grid.rows)]
    closing = ["", *(f"　　{line}" for line in text.closing), ""]
    sides = [f"{side.label}（盖章）：{side.name}" for side in text.sides]
    return "\n".join([*head, *body, *closing, *sides]) + "\n"


def to_markdown(text: AgreementText, lang: str = "zh") -> str:
    """Markdown; whatever parties wrote is escaped, so that it is never read as markup or HTML.

    ``lang`` that does not start with "zh" puts the English heading beside the Chinese one, which is binding.
    """
    english = not lang.startswith("zh")
    lines = [f"# {_escape(text.title)}", ""]
    if text.number:
        lines += [f"{'No.' if english else '编号：'} {_escape(text.number)}".replace("： ", "："), ""]
    if english:
        lines += ["The Chinese text is binding; headings are translated for orientation.", ""]
    for line in text.preamble:
        lines += [_escape(line), ""]
    for article in text.articles:
        heading = f"Article {article.number}. {article.en} ({article.zh})" if english else article.heading
        lines += [f"## {_escape(heading)}", ""]
        for line in article.paragraphs:
            lines += [_escape(line), ""]
        for grid in article.grids:
            lines += [*_table(grid), ""]
    for line in text.closing:
        lines += [_escape(line), ""]
    lines += [f"- {side.label}：{_escape(side.name)}" for side in text.sides]
    return "\n".join(lines) + "\n"


def _table(grid: Grid) -> list[str]:
    rows = [grid.head, ("---",) * len(grid.head), *grid.rows]
    return [f"| {' | '.join(cell if cell == '---' else _escape(cell) for cell in row)} |" for row in rows]


def _escape(text: str) -> str:
    escaped = _MARKUP.sub(r"\\\1", " ".join(text.split("\n"))).replace("&", "&amp;")
    return _LEADING.sub(r"\1\\\2", escaped)
