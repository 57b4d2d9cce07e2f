"""Recognizers for the identifiers of Chinese government data, usable by presidio and over whole columns."""

from __future__ import annotations

from anonymize.recognizers.base import ColumnRecognizer
from anonymize.recognizers.registry import analyzer, recognizers, zh_registry

__all__ = ["ColumnRecognizer", "analyzer", "recognizers", "zh_registry"]
