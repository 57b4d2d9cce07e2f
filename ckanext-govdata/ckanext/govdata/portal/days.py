"""The calendar day of this site, by which what is used is counted."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ckan.plugins import toolkit as tk


def today() -> date:
    """Today in the time zone that the site shows."""
    return datetime.now(tk.h.get_display_timezone()).date()


def last(count: int) -> list[date]:
    """The last ``count`` days, the oldest first, today among them."""
    end = today()
    return [end - timedelta(days=back) for back in range(count - 1, -1, -1)]
