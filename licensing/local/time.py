"""The machine's clock."""

from __future__ import annotations

from datetime import datetime, timezone


class SystemTime:
    """The platform's own record of time (HB-22)."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(timezone.utc)
