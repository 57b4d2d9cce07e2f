"""An answer leaves when its record is kept, and not otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Response, request

from ckanext.govdata.door import presented
from ckanext.govdata.door.presented import install, leaves_after


def application(keep: Callable[[], None], after: Callable[[], None] = lambda: None) -> Flask:
    app = Flask(__name__)

    @app.route(f"{presented.PREFIX}rows")
    def rows() -> Response:
        leaves_after(request, keep)
        return Response("a row", headers={"Data-Call": "1"})

    @app.after_request
    def _made(answer: Response) -> Response:
        after()
        return answer

    return install(app)  # type: ignore[no-any-return]


def test_the_disk_is_asked_when_the_answer_is_made_and_before_it_leaves() -> None:
    order: list[str] = []
    app = application(lambda: order.append("kept"), lambda: order.append("made"))
    sent: list[Any] = []
    environ = {
        "REQUEST_METHOD": "GET", "PATH_INFO": f"{presented.PREFIX}rows", "SERVER_NAME": "here",
        "SERVER_PORT": "80", "wsgi.url_scheme": "http", "wsgi.input": None,
    }  # fmt: skip
    answer = app.wsgi_app(environ, lambda *said: sent.append(said))
    order.append("leaves")
    assert b"".join(answer) == b"a row"
    assert order == ["made", "kept", "leaves"]
    assert [said[0] for said in sent] == ["200 OK"]


def test_an_answer_that_cannot_be_kept_on_record_does_not_leave(caplog: pytest.LogCaptureFixture) -> None:
    def keep() -> None:
        raise OSError("the disk is gone")

    answer = application(keep).test_client().get(f"{presented.PREFIX}rows")
    assert answer.status_code == 503
    assert answer.get_json()["code"] == "not_recorded"
    assert b"a row" not in answer.data
    assert "Data-Call" not in answer.headers
    assert "cannot be kept on record" in caplog.text
