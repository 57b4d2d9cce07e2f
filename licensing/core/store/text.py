"""Text that every database and every hash can take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from licensing.core.errors import InvalidInput


def refuse_unstorable(value: Any) -> None:
    """Refuse NUL and lone surrogates anywhere in a document of mappings, sequences and scalars.

    PostgreSQL stores no NUL and UTF-8 knows no surrogate; both reach an API as JSON escapes.

    Raises:
        InvalidInput: there is such a character; the message does not repeat the text.
    """
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
            raise InvalidInput(
                "文字中有无法保存的控制字符，请删除后重试。",
                "The text holds a character that cannot be stored; remove it and try again.",
            )
    elif isinstance(value, Mapping):
        for key, item in value.items():
            refuse_unstorable(key)
            refuse_unstorable(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            refuse_unstorable(item)
