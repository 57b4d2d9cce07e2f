"""Whose mark: a key for each grant, out of the installation's."""

from __future__ import annotations

import hmac
from functools import lru_cache

from ckanext.govdata.door import settings


@lru_cache(maxsize=4_096)
def key_of(grant_id: str) -> bytes:
    """The key of a grant's mark. Raises NotConfigured."""
    return hmac.digest(settings.key("mark"), grant_id.encode(), "sha256")
