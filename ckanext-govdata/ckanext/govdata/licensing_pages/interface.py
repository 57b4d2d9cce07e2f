"""The licensing library's published interface, called without leaving the process.

A page asks and changes nothing but by an operation that a program could use as well, as the account that
looks at it. So permissions, versions, clocks, the ledger and the texts of errors are the library's, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import msgspec
from flask import Request, Response
from werkzeug.test import EnvironBuilder

from ckanext.govdata.licensing_ports.setup import setup
from ckanext.govdata.logic.errors import reader_language
from licensing.http.dispatch import Dispatcher
from licensing.web import all_routes

LONGEST_LIST: Final = 100
"""Lines of one page of a list, the most that the interface gives."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A document of the interface; ``version`` is its ETag, by which it may be changed."""

    document: Any
    version: str | None = None


class Refused(Exception):
    """The interface answered with a problem document (RFC 9457), in the reader's language.

    Attributes:
        status: of HTTP.
        code: the same word in every language.
        detail: what is wrong and what to do.
        faults: by place in the request's document (``terms/citation``), where the problem is about places.
    """

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status, self.code = status, str(problem.get("code", ""))
        self.detail = str(problem.get("detail", ""))
        self.faults: dict[str, str] = {
            str(each["pointer"]).strip("/"): str(each["detail"]) for each in problem.get("errors") or ()
        }
        if problem.get("pointer"):
            self.faults.setdefault(str(problem["pointer"]).strip("/"), self.detail)
        super().__init__(self.detail)


@dataclass(frozen=True, slots=True)
class Interface:
    """The operations of the library, as the account of the present request."""

    dispatcher: Dispatcher
    languages: str = field(default="zh")

    def get(self, path: str, **query: Any) -> Answer:
        """The document at ``path``; a query value of None or "" is left out.

        Raises:
            Refused: what the interface says instead.
        """
        return self._told(self._serve("GET", path, query=query))

    def all(self, path: str, **query: Any) -> Iterator[Any]:
        """Every line of a list, whatever the number of its pages."""
        after: str | None = None
        while True:
            page = self.get(path, limit=LONGEST_LIST, cursor=after, **query).document
            yield from page["items"]
            after = page["next"]
            if after is None:
                return

    def post(self, path: str, document: Any = None, *, version: str | None = None) -> Answer:
        """Take a step. ``version`` is that of the answer which the person saw; without it, of any.

        Raises:
            Refused: nothing has changed.
        """
        return self._told(self._serve("POST", path, document=document, version=version))

    def send(self, path: str, content: bytes, media: str) -> Answer:
        """Post bytes of a content type, e.g. a PDF to be verified."""
        return self._told(self._serve("POST", path, content=content, media=media))

    def file(self, path: str, **query: Any) -> Response:
        """A file of the interface as it is, with the headers by which a browser saves it.

        Raises:
            Refused: there is none, or it is not for this account.
        """
        found = self._serve("GET", path, query=query)
        if found.status_code >= 400:
            self._told(found)
        return found

    def _serve(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        document: Any = None,
        content: bytes | None = None,
        media: str | None = None,
        version: str | None = None,
    ) -> Response:
        headers = {"Accept-Language": self.languages}
        if method == "POST":
            headers["If-Match"] = version or "*"
        if document is not None:
            content, media = msgspec.json.encode(document), "application/json"
        asked = {name: str(value) for name, value in (query or {}).items() if value not in (None, "")}
        builder = EnvironBuilder(
            path, method=method, query_string=asked, headers=headers, data=content, content_type=media
        )
        try:
            return self.dispatcher.serve(Request(builder.get_environ()), path)
        finally:
            builder.close()

    @staticmethod
    def _told(response: Response) -> Answer:
        content = response.get_data()
        document = msgspec.json.decode(content) if content else None
        if response.status_code >= 400:
            raise Refused(response.status_code, document or {})
        return Answer(document, response.headers.get("ETag"))


@cache
def _dispatcher() -> Dispatcher:
    return Dispatcher(setup().settings(), all_routes())


def interface() -> Interface:
    """The interface as the visitor's account, with errors in the language of the page."""
    return Interface(_dispatcher(), reader_language())
