"""Find personal data in tables, make them anonymous, and prove what was done.

::

    findings = scan("低保.csv")            # a path, a stream, an open table, the URL of a database
    policy = suggest(findings)
    table = open_table("低保.csv")
    with open("clean.csv", "wb") as stream:
        sink = open_writer("csv", stream, published_fields(policy, table.columns))
        report = apply(table, policy, sink, findings=findings)
    report.blockers()  # empty when the result may leave

Every name here is loaded when it is first used: ``import anonymize`` costs next to nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anonymize.api import apply, clean, scan
    from anonymize.assessment import assess
    from anonymize.engines.plan import Plan
    from anonymize.errors import (
        AnonymizeError,
        PersonalDataRemain,
        PolicyInvalid,
        SecretMaterial,
        SourceUnreadable,
        WrongUse,
    )
    from anonymize.fields import published_fields
    from anonymize.findings import ColumnFinding, Findings
    from anonymize.keys import KeyRing
    from anonymize.policy import ColumnRule, Policy
    from anonymize.readers import Limits, open_table
    from anonymize.report import Blocker, Report
    from anonymize.restore import restore
    from anonymize.suggest import suggest
    from anonymize.tagger import load_tagger
    from anonymize.writers import FieldSpec, Writer, open_writer, table_schema

_HOME = {
    "AnonymizeError": "errors",
    "Blocker": "report",
    "ColumnFinding": "findings",
    "ColumnRule": "policy",
    "FieldSpec": "writers",
    "Findings": "findings",
    "KeyRing": "keys",
    "Limits": "readers",
    "PersonalDataRemain": "errors",
    "Plan": "engines.plan",
    "Policy": "policy",
    "PolicyInvalid": "errors",
    "Report": "report",
    "SecretMaterial": "errors",
    "SourceUnreadable": "errors",
    "Writer": "writers",
    "WrongUse": "errors",
    "apply": "api",
    "assess": "assessment",
    "clean": "api",
    "load_tagger": "tagger",
    "open_table": "readers",
    "open_writer": "writers",
    "published_fields": "fields",
    "restore": "restore",
    "scan": "api",
    "suggest": "suggest",
    "table_schema": "writers",
}

__all__ = [
    "AnonymizeError",
    "Blocker",
    "ColumnFinding",
    "ColumnRule",
    "FieldSpec",
    "Findings",
    "KeyRing",
    "Limits",
    "PersonalDataRemain",
    "Plan",
    "Policy",
    "PolicyInvalid",
    "Report",
    "SecretMaterial",
    "SourceUnreadable",
    "Writer",
    "WrongUse",
    "apply",
    "assess",
    "clean",
    "load_tagger",
    "open_table",
    "open_writer",
    "published_fields",
    "restore",
    "scan",
    "suggest",
    "table_schema",
]


class _Package(ModuleType):
    """Keeps ``anonymize.suggest`` a function though a module has that name too: import would rebind it."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (isinstance(value, ModuleType) and name in _HOME):
            super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        if name not in _HOME:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{self.__name__}.{_HOME[name]}"), name)
        super().__setattr__(name, value)
        return value

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *_HOME})


sys.modules[__name__].__class__ = _Package
