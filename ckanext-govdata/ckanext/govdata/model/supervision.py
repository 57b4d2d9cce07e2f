"""The clock board: every statutory clock of every source, gathered so that it is read in one place.

Article: JS-32 (electronic supervision with lamps), HB-22 (the platform's own time counts).
"""

from __future__ import annotations

import sqlalchemy as sa
from ckan.plugins import toolkit as tk

from ckanext.govdata.model.columns import moment

OPEN = "stopped_at IS NULL"


class BoardClock(tk.BaseModel):  # type: ignore[name-defined,misc]
    """One clock as the board knows it: the facts are its source's, only :mod:`supervision.board` writes here.

    ``department`` answers for it (empty: the office), ``holder`` is the role that is waited for now. ``lamp``
    is that of the board's day. ``warn_day`` and ``due_day`` are None while the clock stands.
    """

    __tablename__ = "govdata_board_clock"
    __table_args__ = tuple(
        sa.Index(f"govdata_board_clock_{name}", *columns, postgresql_where=sa.text(OPEN))
        for name, columns in {
            "due": ("due_day", "key"),
            "lamp": ("lamp", "due_day", "key"),
            "department": ("department", "due_day", "key"),
            "kind": ("kind", "due_day", "key"),
            "cell": ("department", "kind", "due_day", "key"),
        }.items()
    )

    key = sa.Column(sa.UnicodeText, primary_key=True)
    source = sa.Column(sa.UnicodeText, nullable=False)
    kind = sa.Column(sa.UnicodeText, nullable=False)
    subject_id = sa.Column(sa.UnicodeText, nullable=False)
    rule = sa.Column(sa.UnicodeText, nullable=False)
    department = sa.Column(sa.UnicodeText, nullable=False)
    holder = sa.Column(sa.UnicodeText, nullable=False)
    started_at = moment()
    warn_day = sa.Column(sa.Date, nullable=True)
    due_day = sa.Column(sa.Date, nullable=True)
    provisional = sa.Column(sa.Boolean, nullable=False)
    stopped_at = moment(nullable=True)
    late = sa.Column(sa.Boolean, nullable=True)
    lamp = sa.Column(sa.UnicodeText, nullable=False)
    escalated_at = moment(nullable=True)


class BoardCount(tk.BaseModel):  # type: ignore[name-defined,misc]
    """How many open clocks of a department and a kind show a lamp; kept beside every change of a clock."""

    __tablename__ = "govdata_board_count"

    department = sa.Column(sa.UnicodeText, primary_key=True)
    kind = sa.Column(sa.UnicodeText, primary_key=True)
    lamp = sa.Column(sa.UnicodeText, primary_key=True)
    number = sa.Column(sa.Integer, nullable=False)


class BoardWeek(tk.BaseModel):  # type: ignore[name-defined,misc]
    """How a past week ended: open and overdue clocks of a department on the evening of its last day."""

    __tablename__ = "govdata_board_week"

    day = sa.Column(sa.Date, primary_key=True)
    department = sa.Column(sa.UnicodeText, primary_key=True)
    running = sa.Column(sa.Integer, nullable=False)
    overdue = sa.Column(sa.Integer, nullable=False)


class BoardState(tk.BaseModel):  # type: ignore[name-defined,misc]
    """The one row that says for which day the lamps hold and until when changes have been read."""

    __tablename__ = "govdata_board_state"

    id = sa.Column(sa.Integer, primary_key=True)
    day = sa.Column(sa.Date, nullable=False)
    read_until = moment()
