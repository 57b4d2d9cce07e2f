"""Answers of the door as bytes: rows as JSON, refusals as problem documents (RFC 9457)."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from typing import Any, Final

import msgspec
import yaml

from licensing.core.errors import LicensingError

PROBLEM: Final = "application/problem+json"
_JSON = msgspec.json.Encoder(decimal_format="number")


def rows(names: Sequence[str], found: Sequence[Sequence[Any]], **about: Any) -> bytes:
    """``about`` and the rows as ``records``: numbers as numbers, days and moments as ISO 8601."""
    records = [dict(zip(names, row, strict=True)) for row in found]
    return _JSON.encode({**about, "fields": list(names), "records": records})


def table(names: Sequence[str], found: Sequence[Sequence[Any]], **about: Any) -> bytes:
    """``about`` and the rows as lists: columns of a SELECT may have one name twice."""
    return _JSON.encode({**about, "fields": list(names), "rows": [list(row) for row in found]})


def description(site_url: str) -> dict[str, Any]:
    """The OpenAPI document of the door, at the address of this installation."""
    text = resources.files(__package__).joinpath("openapi.yaml").read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.safe_load(text)
    document["servers"] = [{"url": site_url.rstrip("/")}]
    return document


def problem(error: LicensingError, chinese: bool, call: str = "") -> bytes:
    """What is told of a refusal: its code and its sentence, nothing of the data."""
    return _JSON.encode(
        {
            "type": "about:blank",
            "status": error.status,
            "code": error.code,
            "title": error.zh if chinese else error.en,
            "detail": {"zh": error.zh, "en": error.en},
            "instance": call,
        }
    )
