"""Availability as it is measured: the public ways are asked through the address that people use (HB-26)."""

from __future__ import annotations

from ckanext.govdata.supervision.availability.shares import Share, shares

__all__ = ["Share", "shares"]
