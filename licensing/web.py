"""The Flask blueprint of the interface; it needs no CKAN.

    app.register_blueprint(blueprint(settings))

The blueprint takes every path below its prefix and finds the operation in the table of routes, so that what
is not there, or not possible there, is told as everything else is.
"""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, request
from flask.blueprints import BlueprintSetupState
from werkzeug.routing import PathConverter

from licensing.http.dispatch import Dispatcher
from licensing.http.openapi import document
from licensing.http.registry import routes
from licensing.http.route import Call, Route
from licensing.http.settings import Settings

METHODS: Final = (
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "QUERY",
)  # fmt: skip


class AnyPath(PathConverter):
    """Whatever follows the prefix, line breaks too: Werkzeug's own kind of path would leave those to the
    application's page for what is not there."""

    regex = r"[\s\S]*?"
    part_isolating = False


def _know_any_path(state: BlueprintSetupState) -> None:
    state.app.url_map.converters["licensing_any"] = AnyPath


def _describe(call: Call) -> dict[str, Any]:
    return document(all_routes(), call.settings.prefix)


_DESCRIPTION: Final = Route(
    "GET", "/openapi.json", "getOpenapi", "接口 / Interface", "接口说明", "This description", _describe,
    answer=dict[str, Any], public=True,
)  # fmt: skip


def all_routes() -> tuple[Route, ...]:
    """Every operation, the description of all of them first."""
    return (_DESCRIPTION, *routes())


def blueprint(settings: Settings, name: str = "licensing") -> Blueprint:
    """The interface as a blueprint, mounted at ``settings.prefix``."""
    dispatcher = Dispatcher(settings, all_routes())
    made = Blueprint(name, __name__, url_prefix=settings.prefix)

    def serve(rest: str) -> Response:
        return dispatcher.serve(request, f"/{rest}")

    options: dict[str, Any] = {
        "methods": METHODS,
        "provide_automatic_options": False,
        "strict_slashes": True,
        "merge_slashes": False,
    }
    made.record(_know_any_path)
    made.add_url_rule("/", "root", serve, defaults={"rest": ""}, **options)
    made.add_url_rule("/<licensing_any:rest>", "serve", serve, **options)
    return made
