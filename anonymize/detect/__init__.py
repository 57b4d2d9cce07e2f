"""Deciding what a column holds."""

from __future__ import annotations

from anonymize.detect.scan import ScanLimits, Scanner, scan

__all__ = ["ScanLimits", "Scanner", "scan"]
