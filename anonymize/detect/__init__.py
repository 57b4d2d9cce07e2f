"""Deciding what a column holds, and finding identifiers inside texts."""

from __future__ import annotations

from anonymize.detect.embedded import LABEL, count_in_text, find_in_text, redact_text
from anonymize.detect.scan import ScanLimits, Scanner, scan

__all__ = ["LABEL", "ScanLimits", "Scanner", "count_in_text", "find_in_text", "redact_text", "scan"]
