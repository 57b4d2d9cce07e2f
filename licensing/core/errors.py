"""The root of every error that ``licensing`` raises on purpose.

::

    LicensingError
    ├── InvalidInput         exit 2, HTTP 422
    ├── NotPermitted         exit 5, HTTP 403
    ├── NotFound             exit 6, HTTP 404
    ├── Conflict             exit 4, HTTP 409
    │   ├── TransitionRefused
    │   └── Overtaken
    └── LedgerBroken         exit 7, HTTP 503

Each says what to do next, in Chinese and in English; the edge (CLI, HTTP, CKAN action) picks the
language and the transport, nobody else translates errors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Part:
    """One of several faults that an error tells at once; ``pointer`` (RFC 6901) is its place."""

    pointer: str
    code: str
    zh: str
    en: str


class LicensingError(Exception):
    """Base error; ``zh`` and ``en`` are format strings filled from ``params``."""

    code: ClassVar[str] = "licensing_error"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1

    def __init__(self, zh: str, en: str, **params: object) -> None:
        self.params = params
        self.zh = zh.format(**params)
        self.en = en.format(**params)
        super().__init__(self.en)

    def message(self, lang: str = "zh") -> str:
        """The sentence for the reader: ``lang`` starts with "zh" for Chinese, else English."""
        return self.zh if lang.startswith("zh") else self.en

    def parts(self) -> tuple[Part, ...]:
        """Each fault by itself, so that a form can show all of them in their places; none by default."""
        return ()


class InvalidInput(LicensingError):
    code, status, exit_code = "invalid_input", 422, 2


class NotPermitted(LicensingError):
    code, status, exit_code = "not_permitted", 403, 5


class NotFound(LicensingError):
    code, status, exit_code = "not_found", 404, 6


class Conflict(LicensingError):
    code, status, exit_code = "conflict", 409, 4


class TransitionRefused(Conflict):
    code = "transition_refused"


class Overtaken(Conflict):
    """The record has changed since the version that the caller has seen."""

    code = "overtaken"


class LedgerBroken(LicensingError):
    """The ledger is not what it says: nothing may be added before somebody has looked at it."""

    code, status, exit_code = "ledger_broken", 503, 7
