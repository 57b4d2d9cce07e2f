"""Recognizers for the identifiers of Chinese government data, asked over whole columns and inside texts."""

from __future__ import annotations

from anonymize.recognizers.base import ColumnRecognizer
from anonymize.recognizers.registry import recognizers

__all__ = ["ColumnRecognizer", "recognizers"]
