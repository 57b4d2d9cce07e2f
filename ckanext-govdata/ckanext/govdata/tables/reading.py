"""A read-only connection to the DataStore whose statements end in time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from ckanext.datastore.backend import postgres
from sqlalchemy.exc import DBAPIError, NoSuchTableError

from ckanext.govdata.tables.errors import no_table, too_slow

SECONDS = 5.0
"""What one question of a visitor may take."""
_CANCELLED, _NO_TABLE, _NO_COLUMN = "57014", "42P01", "42703"


@contextmanager
def connection(seconds: float = SECONDS, *, streamed: bool = False) -> Iterator[Any]:
    """A connection in a read-only transaction with a statement timeout.

    Raises TooSlow after the timeout, and NoTable when the table was withdrawn meanwhile.
    """
    try:
        with postgres.get_read_engine().connect() as connected, connected.begin():
            connected.execute(sa.text("SET TRANSACTION READ ONLY"))
            limit(connected, seconds)
            yield connected.execution_options(stream_results=True) if streamed else connected
    except DBAPIError as error:
        if (refusal := refused(error)) is not None:
            raise refusal from None
        raise
    except NoSuchTableError:
        raise no_table() from None


def limit(connected: Any, seconds: float) -> None:
    """Give the following statements of the transaction ``seconds`` each."""
    connected.execute(sa.text(f"SET LOCAL statement_timeout = {int(seconds * 1000)}"))


def refused(error: DBAPIError) -> Exception | None:
    """What the reader is told of a database error; None for one that is ours to mend."""
    code = getattr(error.orig, "pgcode", None)
    if code == _CANCELLED:
        return too_slow()
    return no_table() if code in {_NO_TABLE, _NO_COLUMN} else None


def table(resource_id: str) -> Any:
    """The table of a resource, as SQLAlchemy quotes it."""
    return sa.table(resource_id)
