"""Find personal data in tables, make them anonymous, and prove what was done.

::

    table = open_table(source, name="低保.csv")
    findings = scan(table)
    policy = suggest(findings)
    report = apply(table, policy, sinks)
    report.blockers()  # empty when the result may leave
"""

from anonymize.detect import scan
from anonymize.engines.local import apply
from anonymize.errors import (
    AnonymizeError,
    PersonalDataRemain,
    PolicyInvalid,
    SecretMaterial,
    SourceUnreadable,
    WrongUse,
)
from anonymize.fields import published_fields
from anonymize.findings import Findings
from anonymize.policy import ColumnRule, Policy
from anonymize.readers import open_table
from anonymize.report import Blocker, Report
from anonymize.suggest import suggest
from anonymize.writers import FieldSpec, open_writer, table_schema

__all__ = [
    "AnonymizeError",
    "Blocker",
    "ColumnRule",
    "FieldSpec",
    "Findings",
    "PersonalDataRemain",
    "Policy",
    "PolicyInvalid",
    "Report",
    "SecretMaterial",
    "SourceUnreadable",
    "WrongUse",
    "apply",
    "open_table",
    "open_writer",
    "published_fields",
    "scan",
    "suggest",
    "table_schema",
]
