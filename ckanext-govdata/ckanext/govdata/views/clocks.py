"""The clock board: a page for officers, a wall screen, the list as a file.

- ``/supervision/clocks``: lamps by department and kind, the trend, the clocks themselves
- ``/supervision/clocks.csv`` and ``.xlsx``: the same clocks, all of them
- ``/supervision/wall``: the board on a large screen; it renews itself
- ``/supervision/clocks.json``: what the wall asks for

Article: JS-32 (electronic supervision), HB-26.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ckan import model
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, jsonify

from ckanext.govdata.logic.action.supervision import wish_of
from ckanext.govdata.logic.errors import reader_language
from ckanext.govdata.supervision.board import present
from ckanext.govdata.tables.handout import FORMATS, handed_out
from ckanext.govdata.views import release_words
from ckanext.govdata.views.form_guard import call, protect

clocks = protect(Blueprint("govdata_clocks", __name__, url_prefix="/supervision"), account=True)

ASKED: Final = ("department", "kind", "lamp", "until")
Answer = Response | str


@clocks.get("/clocks")
def board() -> Answer:
    """The board and the clocks that the address asks for; ``?part=lines`` the next lines alone."""
    asked = _asked()
    shown: dict[str, Any] = {
        "asked": asked,
        "listed": _call("govdata_clock_list", {**asked, "after": tk.request.args.get("after", "")}),
        "lamp_words": lamp_words(),
        "words": release_words,
        "language": reader_language(),
    }
    if tk.request.args.get("part") == "lines":
        return tk.render("supervision/snippets/lines.html", shown)
    return tk.render("supervision/clocks.html", {**shown, "board": _call("govdata_clock_board", {})})


@clocks.get("/clocks.json")
def as_json() -> Response:
    """The board as the wall reads it."""
    return jsonify(_call("govdata_clock_board", {}))


@clocks.get("/wall")
def wall() -> Answer:
    """The board for a large screen."""
    shown = {
        "board": _call("govdata_clock_board", {}), "lamp_words": lamp_words(), "language": reader_language(),
    }  # fmt: skip
    return tk.render("supervision/wall.html", shown)


@clocks.get(f"/clocks.<any({','.join(FORMATS)}):form>")
def export(form: str) -> Answer:
    """Every clock that the address asks for, as a table."""
    _call("govdata_clock_list", _asked())  # refused as the page is, with the same words
    wish = wish_of(model.User.get(tk.current_user.id), _asked())
    return handed_out(_table(wish), name="clocks", form=form, sheet="clocks")


def _table(wish: present.Wish) -> Iterator[list[str]]:
    language, names = reader_language(), lamp_words()
    yield [
        tk._("Lamp"), tk._("Matter"), tk._("Statutory period"), tk._("By which rule"), tk._("Department"),
        tk._("Waits for"), tk._("Since"), tk._("Due day"), tk._("Working days left"), tk._("Number"),
    ]  # fmt: skip
    for line in present.every_line(model.Session, wish):
        left = line["days_left"]
        yield [
            names[line["lamp"]], line["kind_name"][language], line["rule_name"][language], line["source"],
            line["department_title"][language], line["holder"][language], line["started"][:10],
            line["due"] or "", "" if left is None else str(left), line["subject"],
        ]  # fmt: skip


def lamp_words() -> dict[str, str]:
    """What each lamp means: a word stands beside every colour."""
    return {
        "red": tk._("overdue"),
        "yellow": tk._("due soon"),
        "green": tk._("in time"),
        "paused": tk._("standing still"),
    }


def _asked() -> dict[str, str]:
    return {name: tk.request.args.get(name, "").strip()[:100] for name in ASKED}


def _call(action: str, data: dict[str, Any]) -> Any:
    try:
        return call(action, data)
    except tk.NotAuthorized as error:
        return tk.abort(403, str(error))
    except tk.ValidationError as error:
        return tk.abort(400, str(error.error_dict.get("message") or tk._("The question is wrong.")))
