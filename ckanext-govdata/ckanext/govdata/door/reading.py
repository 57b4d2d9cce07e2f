"""One look through a window: the reader's connection, in a read-only transaction, in the grant's own role."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg2
from psycopg2 import errorcodes, sql
from sqlalchemy.exc import TimeoutError as NoConnection

from ckanext.govdata.door import settings, windows
from ckanext.govdata.door.errors import TooSlow, failed, refusal, too_slow
from ckanext.govdata.door.windows import Window

log = logging.getLogger(__name__)

SECONDS = 5.0
"""What one question may take; the role's own setting says the same."""
_BEGIN = "SET TRANSACTION READ ONLY; SET LOCAL statement_timeout = {}; SET LOCAL ROLE {}"
_GONE = frozenset({errorcodes.UNDEFINED_TABLE, errorcodes.INVALID_SCHEMA_NAME, errorcodes.UNDEFINED_OBJECT})


@contextmanager
def looking(*through: Window, seconds: float = SECONDS) -> Iterator[Any]:
    """A cursor of psycopg2 that sees these windows of one grant and nothing else.

    Raises:
        TooSlow: after ``seconds``. BadQuestion: whatever else the database has against the question.
        Refused: the database itself forbids what was asked; or the release was withdrawn meanwhile.
    """
    role = windows.role_of(through)
    try:
        connection: Any = settings.reader().connect()
    except NoConnection:
        raise too_slow() from None
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL(_BEGIN).format(sql.Literal(int(seconds * 1000)), sql.Identifier(role)))
            yield cursor
    except psycopg2.Error as error:
        raise _told(error, through) from None
    finally:
        # Goes back to the pool by a rollback, and with it the role.
        connection.close()


def _told(error: psycopg2.Error, through: Sequence[Window]) -> Exception:
    """A refusal without PostgreSQL's own sentence, which quotes cells and names."""
    if error.pgcode == errorcodes.QUERY_CANCELED:
        return too_slow()
    without_role = error.pgcode == errorcodes.INVALID_PARAMETER_VALUE
    if error.pgcode in _GONE or (without_role and str(error.diag.message_primary).startswith('role "')):
        windows.forget(through)
        return refusal("dataset")
    if error.pgcode == errorcodes.UNDEFINED_COLUMN:
        return refusal("fields")
    if error.pgcode == errorcodes.INSUFFICIENT_PRIVILEGE:
        # The first lock has let something pass that the second one has not.
        log.error("the door's database refused a question that had been let through")
        return refusal("question")
    if error.pgcode is None:
        log.error("the door's database does not answer")
        return TooSlow("数据库暂时没有应答，请稍后重试。", "The database does not answer; try again later.")
    return failed()
