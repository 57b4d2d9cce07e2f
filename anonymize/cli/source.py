"""The argument SOURCE of the commands that read a table, and the options that choose within it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from anonymize.errors import WrongUse
from anonymize.readers import Table, open_table
from anonymize.readers.compressed import SUFFIXES
from anonymize.readers.location import is_database, locate
from anonymize.readers.source import readable_name

_PACKED = tuple(suffix for suffixes in SUFFIXES.values() for suffix in suffixes)


@dataclass(frozen=True, slots=True)
class Reading:
    """What to read: a file or the URL of a database, and what in it."""

    source: str
    sheet: str | None = None
    table: str | None = None
    record: str | None = None

    def open(self) -> Table:
        """The table.

        Raises:
            WrongUse: no such file, or an option that does not fit.
            SourceUnreadable: it cannot be read.
        """
        if not is_database(self.source) and not Path(self.source).is_file():
            raise WrongUse(
                "没有文件 {name}。请检查路径。",
                "There is no file {name}. Check the path.",
                name=Path(self.source).name,
            )
        return open_table(self.source, sheet=self.sheet, table=self.table, record=self.record)

    @property
    def path(self) -> Path | None:
        """The file; None for a database."""
        return None if is_database(self.source) else Path(self.source)

    @property
    def stem(self) -> str:
        """What outputs are named after: the file without its extensions, or the table."""
        if is_database(self.source):
            return locate(self.source, self.table).table.replace("/", "_")
        path = Path(readable_name(Path(self.source).name))
        return Path(path.stem).stem if path.suffix.lower() in _PACKED else path.stem


def reads_a_source(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the argument SOURCE and its options; it gets them as ``reading``."""

    @click.argument("source")
    @click.option("--sheet", help="工作表名（XLSX、XLS）。Worksheet, for workbooks.")
    @click.option("--table", help="数据库表：表名或 模式.表名。Table of a database, perhaps schema.table.")
    @click.option(
        "--record",
        "--record-element",
        "record",
        help="记录所在：JSON 列表路径或 XML 元素名。Records: path of a JSON list, name of an XML element.",
    )
    @wraps(command)
    def run(
        *args: Any, source: str, sheet: str | None, table: str | None, record: str | None, **kwargs: Any
    ) -> Any:
        return command(*args, reading=Reading(source, sheet, table, record), **kwargs)

    return run
