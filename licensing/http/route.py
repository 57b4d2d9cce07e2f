"""What a domain declares of its HTTP interface: rows of one table.

Serving, the OpenAPI document and the tests are derived from the rows, so that none of them can say
something else than the others.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeVar

from licensing.core.errors import InvalidInput, NotFound, NotPermitted
from licensing.core.store.base import Stored
from licensing.core.store.step import load

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from licensing.http.settings import Settings
    from licensing.ports import Context

T = TypeVar("T", bound=Stored)

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
JSON_LIMIT: Final = 1024 * 1024
"""Bytes of a JSON document that a request may bring."""

PLACES: Final[Mapping[str, tuple[str, dict[str, Any]]]] = {
    "id": ("[A-Za-z0-9_.:-]{1,64}", {"type": "string", "pattern": "^[A-Za-z0-9_.:-]{1,64}$"}),
    "int": ("[0-9]{1,15}", {"type": "integer", "minimum": 0, "maximum": 10**15 - 1}),
    "digest": ("[0-9a-f]{64}", {"type": "string", "pattern": "^[0-9a-f]{64}$"}),
}
"""Kinds of a place in a path: what it matches, and its schema."""

_PLACE = re.compile(r"\{(\w+)(?::(\w+))?\}")


@dataclass(frozen=True, slots=True)
class Media:
    """Bytes of a content type instead of a JSON document, at most ``limit`` of them in a request."""

    type: str
    limit: int = JSON_LIMIT


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers when the document alone does not say it all.

    ``version`` becomes the ETag; ``location`` is a path below the interface's root; ``filename`` makes the
    answer a file to be saved under that name (RFC 6266).
    """

    content: Any
    version: int | None = None
    location: str | None = None
    filename: str | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A request's header fields, by their names in lower case, and the bytes of its content."""

    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """A request as a handler sees it: understood, authenticated, inside a transaction.

    ``query`` and ``body`` are what the route declares. ``if_version`` is the version that the caller has
    seen (If-Match), None for ``If-Match: *`` and where the route asks for none. ``sent`` is the request as
    it came, for an operation that judges a signature on it.
    """

    session: Session
    ctx: Context
    settings: Settings
    path: Mapping[str, str]
    query: Any = None
    body: Any = None
    if_version: int | None = None
    sent: Sent | None = None

    def own(self, model: type[T], subject_id: str) -> T:
        """The subject of that id, if the caller holds any role towards it.

        Raises:
            NotFound: there is none, or the caller has nothing to do with it; nobody learns which.
        """
        found = load(self.session, model, subject_id)
        if not self.ctx.authorizer.roles_for(self.ctx.principal, found):
            raise NotFound("没有找到该记录。", "There is no such record.")
        return found

    def office(self, *roles: str) -> None:
        """Raise NotPermitted unless the caller holds one of ``roles``, which are offices."""
        if not self.ctx.principal.roles & set(roles):
            raise NotPermitted("您没有查看此内容的权限。", "You may not see this.")


Handler = Callable[[Call], Any]


@dataclass(frozen=True, slots=True)
class Route:
    """One operation.

    Attributes:
        method, path: ``/documents/{document_id}``; a place is an ``id``, or ``{n:int}``, ``{x:digest}``.
        name: the operation's id, a verb and a noun.
        tag: the chapter of the documentation.
        answer: a type that msgspec knows, or :class:`Media`.
        body, query: what the request brings; a query is a struct of scalars.
        public: anybody may ask, without a token.
        versioned: the answer carries an ETag; a write asks for it in If-Match.
        asks: a POST without an effect, whose document holds what must not stand in an address. It takes no
            idempotency key: an answer of yesterday would be wrong.
        errors: statuses beside those that follow from the rest.
        limit: bytes of a JSON document that the request may bring.
    """

    method: str
    path: str
    name: str
    tag: str
    zh: str
    en: str
    handler: Handler
    answer: Any
    body: Any = None
    query: type | None = None
    status: int = 200
    public: bool = False
    versioned: bool = False
    asks: bool = False
    errors: tuple[int, ...] = ()
    limit: int = JSON_LIMIT
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        text, at = "", 0
        for place in _PLACE.finditer(self.path):
            text += re.escape(self.path[at : place.start()])
            text += f"(?P<{place[1]}>{PLACES[place[2] or 'id'][0]})"
            at = place.end()
        object.__setattr__(self, "pattern", re.compile(text + re.escape(self.path[at:])))

    @property
    def writes(self) -> bool:
        return self.method not in SAFE and not self.asks

    @property
    def places(self) -> list[tuple[str, dict[str, Any]]]:
        """Name and schema of each place of the path."""
        return [(place[1], PLACES[place[2] or "id"][1]) for place in _PLACE.finditer(self.path)]

    @property
    def template(self) -> str:
        """The path as OpenAPI writes it."""
        return _PLACE.sub(r"{\1}", self.path)

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every error that can be answered, in order."""
        found = {429, 503, *self.errors}
        if not self.public:
            found |= {401, 403}
        if self.places:
            found.add(404)
        if self.query is not None:
            found.add(422)
        if self.body is not None:
            found |= {400, 413, 415, 422}
        if self.writes and not self.public:
            found |= {400, 409, 422}
        if self.writes and self.versioned:
            found |= {400, 412, 428}
        return tuple(sorted(found))


def chosen_id(text: str, pointer: str) -> str:
    """An id that somebody chooses, as paths can name it.

    Raises:
        InvalidInput: it has other signs, or too many.
    """
    if re.fullmatch(PLACES["id"][0], text) is None:
        raise InvalidInput(
            "编号只能由字母、数字和 _ . : - 组成，不超过 64 位。",
            "An id has 1 to 64 letters, digits and _ . : -.",
            pointer=pointer,
        )
    return text


def where(pattern: str, **values: str) -> str:
    """A path of the interface with its places filled in."""
    return pattern.format(**values)
