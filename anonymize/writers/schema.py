"""Frictionless Table Schema: what each column is called, holds, and means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from anonymize.findings import DeclaredType
from anonymize.writers.base import FieldSpec

_TYPES: dict[DeclaredType, dict[str, Any]] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
    "date": {"type": "date", "format": "%Y-%m-%d"},
    "datetime": {"type": "datetime", "format": "%Y-%m-%d %H:%M:%S"},
}


def table_schema(fields: Sequence[FieldSpec]) -> dict[str, Any]:
    """The Table Schema (v1) of a table with these columns; an empty cell is a missing value."""
    return {
        "$schema": "https://datapackage.org/profiles/1.0/tableschema.json",
        "fields": [
            {
                "name": f.name,
                "title": f.title or f.name,
                **({"description": f.description} if f.description else {}),
                **_TYPES[f.declared_type],
            }
            for f in fields
        ],
        "missingValues": [""],
    }
