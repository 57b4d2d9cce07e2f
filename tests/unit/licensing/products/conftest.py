"""The interface over an agreement that is signed and filed."""

from __future__ import annotations

from tests.factories.filed_fixtures import filed_http, http, made

__all__ = ["filed_http", "http", "made"]
