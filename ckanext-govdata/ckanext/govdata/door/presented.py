"""The token of a request at the door: taken out of ``Authorization`` before CKAN reads that header.

CKAN would try it as one of its own tokens, fail, and say so in its log at every call.
"""

from __future__ import annotations

from typing import Any, Final

PREFIX: Final = "/api/data/v1/"
_KEPT: Final = "govdata.door.authorization"


def install(app: Any) -> Any:
    """Make the Flask application ``app`` keep the header of requests at the door to the door."""
    inner = app.wsgi_app

    def outer(environ: dict[str, Any], start_response: Any) -> Any:
        if str(environ.get("PATH_INFO", "")).startswith(PREFIX):
            environ[_KEPT] = environ.pop("HTTP_AUTHORIZATION", "")
        return inner(environ, start_response)

    app.wsgi_app = outer
    return app


def token_of(request: Any) -> str:
    """What the request shows in ``Authorization``; empty for nothing."""
    return str(request.environ.get(_KEPT, ""))
