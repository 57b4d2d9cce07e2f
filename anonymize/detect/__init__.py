"""Deciding what a column holds."""

from __future__ import annotations

from anonymize.detect.scan import Look, glance, scan
from anonymize.detect.scanner import ScanLimits, Scanner

__all__ = ["Look", "ScanLimits", "Scanner", "glance", "scan"]
