"""What can be wrong with a question about a table; told to the reader in the page's language."""

from __future__ import annotations

from licensing.core.errors import InvalidInput, LicensingError, NotFound


class NoTable(NotFound):
    """The entry has no table that this reader may see."""

    code = "no_table"


class BadQuestion(InvalidInput):
    """A filter, sort or chart that this table cannot answer."""

    code, status = "bad_question", 400


class TooSlow(LicensingError):
    """The database did not answer within the time that one question may take."""

    code, status = "too_slow", 503


class TooMany(LicensingError):
    """More rows than are exported at once; the published files hold all of them."""

    code, status = "too_many_rows", 413


def no_table() -> NoTable:
    """The one refusal for every reason, so that nothing is told of what is not public."""
    return NoTable("该目录条目没有可查看的数据表。", "This entry has no table to look at.")


def too_slow() -> TooSlow:
    """After a statement timeout."""
    return TooSlow(
        "查询用时过长，已停止。请增加或收紧筛选条件后重试，或下载整个文件。",
        "The question took too long and was stopped. Add or narrow a filter, or download the whole file.",
    )
