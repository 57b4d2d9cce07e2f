"""One question to Valkey for all readers who wait: has anything changed, and if so, do these pages hold?

Each mark and each settling raises one number, ``seq`` (:mod:`ckanext.govdata.cache.versions`). A page that
was found current at a number is current as long as Valkey tells the same number and the same life: nothing
has changed for any page. So one short question serves everybody who waits; only after a change are the
versions of a page asked for again, once.

A reader is answered by a question that was put after the request had arrived: what arrives while a question
is on its way waits for the next one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.govdata.cache.memory import Page
from ckanext.govdata.cache.versions import MOMENT, array_at, detailed_question

PATIENCE = 1.0
"""Seconds within which Valkey answers, or counts as not answering."""
_CHUNK = 65_536

Waiting = tuple[Any, Page]
"""Whoever waits, in whatever form the caller likes, and the page they want."""


@dataclass(slots=True)
class Verdict:
    """``current`` may be given their page; of ``gone`` the page no longer holds."""

    current: list[Waiting]
    gone: list[Waiting]


class Broken(OSError):
    """Valkey does not answer, or something else than versions."""


class Asker:
    """Questions over one connection that does not block: ``sock``, which ``owner`` closes when it goes."""

    def __init__(self, sock: Any, owner: Any = None, clock: Callable[[], float] = time.monotonic) -> None:
        sock.setblocking(False)
        self.sock = sock
        self.owner = owner
        self._clock = clock
        self._next: list[Waiting] = []
        self._asked: list[Waiting] = []
        self._details: list[Page] = []
        self._heard = b""
        self._since = 0.0
        self._moment: Sequence[bytes] = ()

    def wait(self, who: Any, page: Page) -> None:
        """``who`` waits for word about ``page``; :meth:`ask` puts the question."""
        self._next.append((who, page))

    @property
    def waits(self) -> bool:
        """Whether somebody waits for a question that has not been put."""
        return bool(self._next)

    @property
    def is_late(self) -> bool:
        """Whether an answer has been due for too long."""
        return bool(self._asked) and self._clock() - self._since > PATIENCE

    def ask(self) -> None:
        """Put the next question unless one is on its way. Raises OSError when it cannot be sent whole."""
        if self._asked or not self._next:
            return
        self._asked, self._next = self._next, []
        details = {id(page): page for _, page in self._asked if page.moment != self._moment}
        self._details = list(details.values())
        self._since = self._clock()
        question = MOMENT + b"".join(detailed_question(page.scopes) for page in self._details)
        if self.sock.send(question) != len(question):
            raise Broken("the question does not fit into the socket")

    def hear(self) -> Verdict | None:
        """Read what has come; the verdict once the answer is whole. Raises OSError when none will come."""
        try:
            more = self.sock.recv(_CHUNK)
        except (BlockingIOError, InterruptedError):
            return None
        if not more or not self._asked:
            raise Broken("the server closed the connection or speaks unasked")
        self._heard += more
        answers: list[list[bytes | None]] = []
        at = 0
        while len(answers) <= len(self._details):
            try:
                read = array_at(self._heard, at)
            except ValueError as error:
                raise Broken(str(error)) from None
            if read is None:
                return None
            answer, at = read
            answers.append(answer)
        if at != len(self._heard):
            raise Broken("the server says more than it was asked")
        self._heard = b""
        return self._judge(answers)

    def _judge(self, answers: list[list[bytes | None]]) -> Verdict:
        moment = tuple(word or b"" for word in answers[0])
        held: dict[int, bool] = {}
        for page, answer in zip(self._details, answers[1:], strict=True):
            holds = answer[0] == page.boot and tuple(answer[2:]) == page.versions and bool(page.boot)
            held[id(page)] = holds
            page.moment = tuple(word or b"" for word in answer[:2]) if holds else ()
        verdict = Verdict([], [])
        for who, page in self._asked:
            holds_now = held.get(id(page))
            if holds_now is None:
                if page.moment == moment:
                    verdict.current.append((who, page))
                else:  # something has changed since: its own versions, in the next question
                    self._next.append((who, page))
            else:
                (verdict.current if holds_now else verdict.gone).append((who, page))
        self._moment = moment
        self._asked, self._details = [], []
        return verdict

    def give_up(self) -> list[Waiting]:
        """Everybody who waits, once the connection is of no use."""
        left = self._asked + self._next
        self._asked, self._next, self._details = [], [], []
        self.sock.close()
        return left
