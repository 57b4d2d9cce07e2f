"""Why a backup is not taken, not believed or not restored.

StackError
└── BackupError
    ├── BackupDamaged     a file is missing, cut or changed, or the manifest is not what was written
    └── BackupRefused     it is whole, and may not be restored here
"""

from __future__ import annotations

from ckanext.govdata.embedded.errors import StackError
from ckanext.govdata.embedded.messages import Message


class BackupError(StackError):
    """A backup could not be taken."""

    code = "backup_error"
    exit_code = 7


class BackupDamaged(BackupError):
    """What lies there is not what was written."""

    code = "backup_damaged"
    exit_code = 8


class BackupRefused(BackupError):
    """A whole backup that may not be restored here."""

    code = "backup_refused"
    exit_code = 9


def damaged(what: str) -> BackupDamaged:
    """``what`` names a file of the backup, never a content."""
    return BackupDamaged(
        Message(f"备份不完整或被改动：{what}。未恢复任何内容。",
                f"The backup is incomplete or was changed: {what}. Nothing was restored.")
    )  # fmt: skip
