"""Error pages in plain words: what happened, and the way out."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit as tk
from werkzeug.exceptions import default_exceptions


def words(number: int) -> dict[str, str]:
    """``{title, advice}`` of the page for an HTTP status."""
    _ = tk._
    known = {
        400: (
            _("This request cannot be read"),
            _("Something in the address or the form is not as it should be. Go back and try again."),
        ),
        401: (_("Please log in"), _("This page is for people with an account.")),
        403: (
            _("You may not see this page"),
            _("It is for people with another role. If you should see it, ask your department."),
        ),
        404: (
            _("There is no such page"),
            _("The address may be mistyped, or what stood here has moved. The search finds most things."),
        ),
        409: (
            _("Somebody was faster"),
            _("What you wanted to change has changed meanwhile. Load the page again and look."),
        ),
        410: (
            _("This has been withdrawn"),
            _("The department has withdrawn what stood here. The catalogue entry says what is there now."),
        ),
        413: (_("The file is too large"), _("Split it, or use the resumable upload of the release desk.")),
        429: (_("Too many requests"), _("Please wait a minute and try again.")),
        503: (_("The service does not answer at the moment"), _("Please try again in a minute.")),
    }
    title, advice = known.get(
        number,
        (
            _("Something went wrong on our side"),
            _("It has been written down. Please try again in a minute; nothing that you had saved is lost."),
        ),
    )
    return {"title": title, "advice": advice}


def detail(number: int, content: Any) -> str:
    """What the view said in ``content``; empty for the standard sentence, and for what broke inside.

    An internal error's text could repeat a value from the data, so it is never shown.
    """
    if number >= 500 or not content:
        return ""
    text = str(content)
    standard = default_exceptions.get(number)
    return "" if standard is not None and text == standard.description else text
