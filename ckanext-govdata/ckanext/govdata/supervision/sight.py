"""Whose clocks and figures somebody sees: all for those who supervise, their own for departments.

Article: JS-32, HB-28 (supervision by the administrator), SX-20 (an auditor reads everything).
"""

from __future__ import annotations

from typing import Any, Final

from ckanext.govdata.release.lifecycle import DEPARTMENT_ROLES, PLATFORM_ROLES
from ckanext.govdata.release.roles import organizations_of, roles_of

OFFICE_WORD: Final = "office"
"""What an address says for the department that has no id: the administrator's office itself."""


def departments_of(user: Any) -> frozenset[str] | None:
    """Ids of the departments that ``user`` (account, id or name) sees; None: every one of them."""
    if roles_of(user, None) & PLATFORM_ROLES:
        return None
    return organizations_of(user, DEPARTMENT_ROLES)
