"""Write the tables of ``build/bench.json`` into ``docs/reference/figures.md``, between its two marks.

python bench/figures.py
"""

from __future__ import annotations

import json
from typing import Any

from measure import BUILD, ROOT, _number

PAGE = ROOT / "docs" / "reference" / "figures.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def section(title: str, table: dict[str, Any]) -> str:
    """One table of figures as Markdown."""
    lines = [
        f"## {title}",
        "",
        f"`bench/{table['script']}`",
        "",
        "| | ours | peer | ratio | mark |",
        "|---|---|---|---|---|",
    ]
    for row in table["rows"]:
        sign = "≤" if row["at_most"] else "≥"
        mark = (
            ""
            if row["mark"] is None
            else f"{sign} {_number(row['mark'])}{'' if row['holds'] else ' **missed**'}"
        )
        cells = (row["what"], _number(row["ours"]), _number(row["peer"]), _number(row["ratio"]), mark)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    found = json.loads((BUILD / "bench.json").read_text("utf-8"))
    tables = [section(title, found["tables"][title]) for title in sorted(found["tables"])]
    body = "\n\n".join([f"{BEGIN}\n\nMachine: {found['machine']}.", *tables, END])
    page = PAGE.read_text("utf-8")
    if BEGIN in page:
        page = page[: page.index(BEGIN)] + body + page[page.index(END) + len(END) :]
    else:
        page = f"{page.rstrip()}\n\n{body}\n"
    PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
