"""The token of a request at the door: taken out of ``Authorization`` before CKAN reads that header.

CKAN would try it as one of its own tokens, fail, and say so in its log at every call.
"""

from __future__ import annotations

import io
from typing import Any, Final

PREFIX: Final = "/api/data/v1/"
LONGEST_BODY: Final = 64 * 1024
_KEPT: Final = "govdata.door.authorization"


def install(app: Any) -> Any:
    """Make the Flask application ``app`` keep the header of requests at the door to the door, and read no
    more of their bodies than a question is long, whatever length they announce or do not."""
    inner = app.wsgi_app

    def outer(environ: dict[str, Any], start_response: Any) -> Any:
        if str(environ.get("PATH_INFO", "")).startswith(PREFIX):
            environ[_KEPT] = environ.pop("HTTP_AUTHORIZATION", "")
            _bound(environ)
        return inner(environ, start_response)

    app.wsgi_app = outer
    return app


def _bound(environ: dict[str, Any]) -> None:
    announced = str(environ.get("CONTENT_LENGTH") or "")
    most = LONGEST_BODY + 1
    if announced.isdigit():
        most = min(most, int(announced))
    elif not environ.get("wsgi.input_terminated"):
        most = 0
    read = environ["wsgi.input"].read(most) if most else b""
    environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(read), str(len(read))
    environ.pop("HTTP_TRANSFER_ENCODING", None)


def token_of(request: Any) -> str:
    """What the request shows in ``Authorization``; empty for nothing."""
    return str(request.environ.get(_KEPT, ""))
