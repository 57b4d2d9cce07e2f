"""The home page, the site map, and the suggestions of the search boxes."""

from __future__ import annotations

from ckan.common import current_user
from ckan.plugins import toolkit as tk
from flask import Blueprint, Response, jsonify
from flask_babel import force_locale

from ckanext.govdata.portal import departments, figures, script_words, suggestions

home = Blueprint("govdata_home", __name__)

QUERY_LIMIT = 100
"""Characters of a query that suggestions look at."""
SUGGESTIONS_LAST = 60
"""Seconds for which a browser may keep suggestions."""


@home.get("/")
def index() -> str:
    """The home page: search, numbers that are counted now, themes, departments, newest entries."""
    return tk.render("home/index.html", {"home": figures.home(tk.h.lang())})


@home.get("/site-map")
def site_map() -> str:
    """Every page that a visitor can go to, and every theme and department."""
    return tk.render(
        "home/site_map.html", {"home": figures.home(tk.h.lang()), "departments": departments.tree()}
    )


@home.get("/suggest")
def suggest() -> Response:
    """Suggestions for ``?q=`` as JSON: ``{datasets, columns, departments}`` of ``{label, note, url}``.

    The answer is that of an anonymous reader for everybody, so that it can be kept by caches.
    """
    answer = jsonify(suggestions.suggest(tk.request.args.get("q", "")[:QUERY_LIMIT]))
    visible = "private" if current_user.is_authenticated else "public"
    answer.headers["Cache-Control"] = f"{visible}, max-age={SUGGESTIONS_LAST}"
    return answer


@home.get("/api/i18n/<any('zh_Hans_CN', 'zh_Hans-CN', 'zh_Hant_TW', 'zh_Hant-TW'):lang>")
def script_translations(lang: str) -> Response:
    """What CKAN's scripts say. They turn one hyphen of a language tag of three parts, hence both names."""
    locale = lang.replace("-", "_")
    with force_locale(locale):
        return jsonify(script_words.sentences(locale))
