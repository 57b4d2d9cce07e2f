"""The rule set in force, as that of the cases (``LICENSING_RULES``, chosen when the portal is installed)."""

from __future__ import annotations

import os

from licensing.core.rules import RuleSet, load_rule_set

DEFAULT = "shanxi"
"""What the embedded stack uses when nothing is chosen."""


def in_force() -> RuleSet:
    """Raises InvalidInput when the chosen set does not exist."""
    return load_rule_set(os.environ.get("LICENSING_RULES") or DEFAULT)
