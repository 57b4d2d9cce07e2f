"""The first and the last of a request at the door.

Its token is taken out of ``Authorization`` before CKAN reads that header: CKAN would try it as one of its own
tokens, fail, and say so in its log at every call.

Its answer leaves when its record is on the disk. That is waited for as late as can be, because whoever asks
the disk first takes along the records of all calls that are nearly done.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from typing import Any, Final

from werkzeug.wrappers import Response

from ckanext.govdata.door import answers
from ckanext.govdata.door.errors import NotRecorded

log = logging.getLogger(__name__)

PREFIX: Final = "/api/data/v1/"
LONGEST_BODY: Final = 64 * 1024
_KEPT: Final = "govdata.door.authorization"
_LEAVES_AFTER: Final = "govdata.door.leaves_after"


def install(app: Any) -> Any:
    """Make the Flask application ``app`` keep the header of requests at the door to the door, and read no
    more of their bodies than a question is long, whatever length they announce or do not; and let an answer
    go no sooner than it may (:func:`leaves_after`)."""
    inner = app.wsgi_app

    def outer(environ: dict[str, Any], start_response: Any) -> Any:
        if not str(environ.get("PATH_INFO", "")).startswith(PREFIX):
            return inner(environ, start_response)
        environ[_KEPT] = environ.pop("HTTP_AUTHORIZATION", "")
        _bound(environ)
        return _answered(inner, environ, start_response)

    app.wsgi_app = outer
    return app


def leaves_after(request: Any, keep: Callable[[], None]) -> None:
    """Call ``keep`` when the answer to ``request`` is made; where it raises OSError, none of it leaves."""
    request.environ[_LEAVES_AFTER] = keep


def _answered(inner: Any, environ: dict[str, Any], start_response: Any) -> Any:
    """The answer of ``inner``, of which nothing has left before its record is kept."""
    said: list[tuple[Any, ...]] = []
    answer = inner(environ, lambda *head: said.append(head))
    try:
        environ.pop(_LEAVES_AFTER, _nothing)()
    except OSError:
        log.exception("a call is not answered, because it cannot be kept on record")
        answer.close()
        body = answers.problem(NotRecorded(), chinese=True)
        headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
        answer = Response(body, 503, headers, content_type=answers.PROBLEM)
        return answer(environ, start_response)
    start_response(*said[-1])
    return answer


def _nothing() -> None:
    """For an answer that carries no data."""


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
