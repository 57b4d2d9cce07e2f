"""The one place where errors of the libraries become CKAN's: the edge of every action."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ckan import model
from ckan.plugins import toolkit as tk
from ckan.types import AuthResult

from anonymize.errors import AnonymizeError
from licensing.core.errors import LicensingError, NotFound, NotPermitted

log = logging.getLogger(__name__)


def reader_language() -> str:
    """``zh`` or ``en``, by the locale of the request; Chinese outside of one."""
    try:
        return "zh" if str(tk.h.lang()).startswith("zh") else "en"
    except RuntimeError:
        return "zh"


def refusal(zh: str, en: str) -> AuthResult:
    """What an authorisation function answers when it is no, in the reader's language."""
    return {"success": False, "msg": zh if reader_language() == "zh" else en}


def refused(error: AnonymizeError | LicensingError) -> Exception:
    """The CKAN error that says the same: 403, 404, or a validation error with code, zh and en."""
    message = error.message(reader_language())
    if isinstance(error, NotPermitted):
        return tk.NotAuthorized(message)
    if isinstance(error, NotFound):
        return tk.ObjectNotFound(message)
    body: dict[str, Any] = {"code": error.code, "message": message, "zh": error.zh, "en": error.en}
    blockers = getattr(error, "blockers", None)
    if blockers is not None:
        body["blockers"] = blockers
    return tk.ValidationError(body, error_summary={error.code: message})


@contextmanager
def edge() -> Iterator[Any]:
    """The session of a step: commits what ends well, rolls back and translates what does not."""
    session = model.Session
    try:
        yield session
        session.commit()
    except (AnonymizeError, LicensingError) as error:
        session.rollback()
        raise refused(error) from None
    except BaseException:
        session.rollback()
        raise
