"""Actions of the portal: check access, validate, call one service, dictize."""

from __future__ import annotations

__all__: list[str] = []
