"""Usage: every call metered, quotas and purposes watched, reports due from the partner (HB-24, HB-26)."""
