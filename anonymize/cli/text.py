"""``anonymize text``: personal data in lines of text, as JSON lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import closing, nullcontext
from itertools import islice
from typing import Any, BinaryIO

import click
import polars as pl

from anonymize.cli.edge import guarded, progress_bar
from anonymize.errors import SourceUnreadable
from anonymize.tagger import Tagger, load_tagger
from anonymize.text import LEAN, analyze

_LINES = 4096
"""Lines of one piece: enough for the tagger to sort by length, little enough to answer while reading."""


@click.command("text")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="识别姓名的进程数。Processes that look for names.",
)
@guarded
def text_command(processes: int) -> None:
    """找出每行文字中的个人信息。Find personal data in every line of standard input.

    每行输入对应一行输出：JSON 数组，元素为 start、end（按字符计，从 0 起，不含 end）、
    entity 和 score；没有则为 []。

    One line out for one line in: a JSON array of start, end (characters, from 0, end excluded),
    entity and score.
    """
    tagger = load_tagger(processes, LEAN)
    if tagger is None:
        click.echo(
            "提示：未安装姓名识别模型，只用规则识别姓名。运行 anonymize tagger fetch 安装。\n"
            "note: no name tagger is installed, names are found by rules alone; see anonymize tagger fetch.",
            err=True,
        )
    with nullcontext() if tagger is None else closing(tagger), progress_bar() as progress:
        done = 0
        for lines in _pieces(sys.stdin.buffer):
            sys.stdout.write("".join(f"{_dumps(spans)}\n" for spans in spans_of(lines, tagger)))
            sys.stdout.flush()
            done += len(lines)
            progress("text", done, done)


def spans_of(lines: list[str], tagger: Tagger | None) -> list[list[dict[str, Any]]]:
    """What stands in each line, in order."""
    found: list[list[dict[str, Any]]] = [[] for _ in lines]
    for row, start, end, entity, score in analyze(
        pl.Series(lines, dtype=pl.String), tagger=tagger
    ).iter_rows():
        found[row].append({"start": start, "end": end, "entity": entity, "score": score})
    return found


def _dumps(spans: list[dict[str, Any]]) -> str:
    return json.dumps(spans, ensure_ascii=False, separators=(",", ":")) if spans else "[]"


def _pieces(stream: BinaryIO) -> Iterator[list[str]]:
    """Lines of the stream, some thousand at a time, without their ends."""
    number = 0
    while piece := list(islice(stream, _LINES)):
        lines = []
        for raw in piece:
            number += 1
            try:
                lines.append(raw.rstrip(b"\r\n").decode("utf-8-sig" if number == 1 else "utf-8"))
            except UnicodeDecodeError:
                raise SourceUnreadable(
                    "第 {line} 行不是 UTF-8 文字。请先转换编码，例如：iconv -f GB18030 -t UTF-8。",
                    "Line {line} is not UTF-8. Convert the text first, e.g. iconv -f GB18030 -t UTF-8.",
                    line=number,
                ) from None
        yield lines
