"""Addresses of databases: telling them from files, and what of them may be shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from anonymize.errors import WrongUse

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+_.-]*://")
_NO_TABLE = re.compile(r"[@/]")


def is_database(source: Path | str | BinaryIO) -> bool:
    """True for the text of a SQLAlchemy URL, such as ``postgresql://host/db`` or ``sqlite:///file``."""
    return isinstance(source, str) and _URL.match(source) is not None


@dataclass(frozen=True, slots=True)
class Location:
    """A table in a database."""

    url: URL
    schema: str | None
    table: str

    @property
    def shown(self) -> str:
        """For reports and messages: without user, password and options, which may hold another password."""
        database = self.url.database
        if self.url.get_backend_name() == "sqlite" and database:
            database = Path(database).name
        bare = URL.create(self.url.drivername, host=self.url.host, port=self.url.port, database=database)
        return f"{bare.render_as_string(hide_password=True)}#{self.qualified}"

    @property
    def qualified(self) -> str:
        return f"{self.schema}.{self.table}" if self.schema else self.table


def locate(source: str, table: str | None) -> Location:
    """Read ``url#schema.table``, or ``url`` and ``schema.table`` apart.

    Raises:
        WrongUse: no URL of a database, or no table in it was named.
    """
    text, mark, fragment = source.rpartition("#")
    if not mark:
        text, fragment = source, ""
    if _NO_TABLE.search(fragment):
        # The mark stands in a password; to go on would show the rest of it as the name of a table.
        raise not_usable()
    name = table or fragment
    if not name:
        raise WrongUse(
            "请指明要读取的表：在地址后写 #模式.表，或用 --table。",
            "Say which table to read: put #schema.table behind the URL, or use --table.",
        )
    try:
        url = make_url(text)
        url.get_dialect()
    except (ArgumentError, ValueError, ImportError):
        # The message of SQLAlchemy may repeat the URL with its password.
        raise not_usable() from None
    if "@" in (url.host or ""):
        raise not_usable()
    schema, _, bare = name.rpartition(".")
    return Location(url, schema or None, bare)


def not_usable() -> WrongUse:
    return WrongUse(
        "数据库地址无法使用：请写成 postgresql://主机/库#模式.表 或 sqlite:///文件#表，密码中的 @ # / 写成 %40 %23 %2F，"  # noqa: E501
        "并确认已安装其驱动。",
        "This is no URL of a database that can be used: write postgresql://host/db#schema.table or "
        "sqlite:///file#table, in a password %40 %23 %2F for @ # /, and see that the driver is installed.",
    )
