"""Every error that ``anonymize`` raises on purpose.

::

    AnonymizeError
    ├── WrongUse             exit 2, HTTP 400   the call or the policy is wrong
    │   └── PolicyInvalid    exit 2, HTTP 422   a policy file that is not understood as a whole
    ├── PersonalDataRemain   exit 3, HTTP 409   the result must not leave: the re-scan found personal data
    │   └── SecretMaterial   exit 3, HTTP 451   the material carries a secrecy marking (SX-2)
    └── SourceUnreadable     exit 4, HTTP 422   the input is damaged, empty, too large or of another kind

An error says what is wrong and what to do next, in Chinese and in English. It names rows and
columns, never a cell: a personal value must not reach a log.
"""

from __future__ import annotations

from typing import ClassVar


class AnonymizeError(Exception):
    """Base of all deliberate errors; ``zh`` and ``en`` are format strings filled from ``params``."""

    code: ClassVar[str] = "anonymize_error"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1

    def __init__(self, zh: str, en: str, **params: object) -> None:
        self.params = params
        self.zh = zh.format(**params)
        self.en = en.format(**params)
        super().__init__(self.en)

    def __reduce__(self) -> tuple[object, ...]:
        # The sentences are filled in already; a brace in a column's name must not be filled again.
        return _again, (type(self), self.zh, self.en, self.params)

    def message(self, lang: str = "zh") -> str:
        """The sentence for the reader: ``lang`` starts with "zh" for Chinese, else English."""
        return self.zh if lang.startswith("zh") else self.en

    def as_dict(self) -> dict[str, object]:
        return {"code": self.code, "message": {"zh": self.zh, "en": self.en}, "params": dict(self.params)}


def _again(kind: type[AnonymizeError], zh: str, en: str, params: dict[str, object]) -> AnonymizeError:
    """An error that was raised in another process."""
    error = kind.__new__(kind, en)
    error.zh, error.en, error.params = zh, en, params
    return error


class WrongUse(AnonymizeError):
    code, status, exit_code = "wrong_use", 400, 2


class PolicyInvalid(WrongUse):
    """``at``: the place in the policy (keys, and positions in lists from 0), empty where it has none."""

    code, status = "policy_invalid", 422
    at: tuple[str | int, ...] = ()


class PersonalDataRemain(AnonymizeError):
    code, status, exit_code = "personal_data_remain", 409, 3


class SecretMaterial(PersonalDataRemain):
    code, status = "secret_material", 451


class SourceUnreadable(AnonymizeError):
    code, status, exit_code = "source_unreadable", 422, 4
