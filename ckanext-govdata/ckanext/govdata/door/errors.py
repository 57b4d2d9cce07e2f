"""What the door tells of a refusal: never a value, never a name that the caller has not been granted.

::

    LicensingError
    ├── NotConfigured      this installation has no door
    ├── NotRecorded        the call cannot be put on record (503)
    ├── Refused            the grant does not allow the call: reason as in licensing.grants.allows.REASONS
    │   ├── Unknown        the token is not valid (401)
    │   └── Spent          the quota is used up (429)
    ├── BadQuestion        the question cannot be read, or has no answer
    ├── TooSlow            the database was not done in time
    └── TooMuch            more than one answer holds
"""

from __future__ import annotations

from typing import Final

from licensing.core.errors import InvalidInput, LicensingError
from licensing.grants.allows import REASONS


class NotConfigured(LicensingError):
    """The environment lacks what the door needs."""

    code, status = "unavailable", 503


class NotRecorded(LicensingError):
    """What cannot be put on record is not answered."""

    code, status = "not_recorded", 503

    def __init__(self) -> None:
        super().__init__(
            "本次调用无法记录，因此没有提供数据，请稍后再试。",
            "This call cannot be put on record, so no data are handed out. Try again later.",
        )


class Refused(LicensingError):
    """The call is not allowed; ``reason`` says why in one word."""

    code, status = "refused", 403

    def __init__(self, reason: str) -> None:
        super().__init__(*REASONS[reason])
        self.reason = self.code = reason


class Unknown(Refused):
    """The token is nobody's, or is one no more."""

    code, status = "token", 401


class Spent(Refused):
    """The quota is used up."""

    code, status = "quota", 429


_KINDS: Final = {"token": Unknown, "token_expired": Unknown, "quota": Spent}


def refusal(reason: str) -> Refused:
    """The error of a reason (:data:`licensing.grants.allows.REASONS`), with its status."""
    return _KINDS.get(reason, Refused)(reason)


class BadQuestion(InvalidInput):
    """A parameter that cannot be read, or a question that fails over the data."""

    code, status = "bad_question", 400


class TooSlow(LicensingError):
    """After the statement timeout."""

    code, status = "too_slow", 503


class TooMuch(LicensingError):
    """More rows or bytes than are handed out at once, or than the quota still has."""

    code, status = "too_much", 413


def failed() -> BadQuestion:
    """The one sentence for whatever the database has against a question: its own would quote cells."""
    return BadQuestion(
        "查询不能执行，请检查各项的类型和写法。",
        "The question cannot be answered; check the types and the spelling of its parts.",
    )


def too_slow() -> TooSlow:
    """After the statement timeout."""
    return TooSlow(
        "查询用时过长，已停止；请收紧条件后重试。", "The question took too long; narrow it and try again."
    )
