"""Who may do what in a team, and the lifecycles of invitations and delegations: tables and nothing else.

Article: SX-21 (access control), JS-30, QD-26 (named persons).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from anonymize.findings import Sentence
from licensing.core.lifecycle import Lifecycle, Transition

OWNER: Final = "owner"
MANAGER: Final = "manager"
MEMBER: Final = "member"
TEAM_ROLES: Final = (OWNER, MANAGER, MEMBER)

ROLE_NAMES: Final[Mapping[str, Sentence]] = {
    OWNER: Sentence("所有者", "Owner"),
    MANAGER: Sentence("管理员", "Manager"),
    MEMBER: Sentence("成员", "Member"),
}

MAY: Final[Mapping[str, frozenset[str]]] = {
    "see": frozenset(TEAM_ROLES),
    "ask": frozenset(TEAM_ROLES),
    "leave": frozenset(TEAM_ROLES),
    "rename": frozenset({OWNER}),
    "link": frozenset({OWNER}),
    "invite": frozenset({OWNER, MANAGER}),
    "invite_owner": frozenset({OWNER}),
    "revoke": frozenset({OWNER, MANAGER}),
    "set_role": frozenset({OWNER}),
    "remove": frozenset({OWNER}),
    "close": frozenset({OWNER}),
}
"""Act in a team → the roles that may."""

INVITED: Final = "invited"
"""Who holds the secret of an invitation."""
PRINCIPAL: Final = "principal"
"""Whose duties a delegation lends."""
ADMINISTRATOR: Final = "administrator"

INVITATION: Final = Lifecycle(
    "invitation",
    "sent",
    (
        Transition("sent", "join", "used", frozenset({INVITED}), zh="加入", en="Join"),
        Transition("sent", "revoke", "revoked", MAY["revoke"], zh="作废", en="Revoke"),
    ),
)

DELEGATION: Final = Lifecycle(
    "delegation",
    "granted",
    (
        Transition(
            "granted",
            "revoke",
            "revoked",
            frozenset({PRINCIPAL, ADMINISTRATOR}),
            zh="提前收回",
            en="End early",
        ),
    ),
)
"""A delegation also ends by itself, on the evening of its last day."""
