"""The policy file that a command is given."""

from __future__ import annotations

from pathlib import Path

from anonymize.errors import PolicyInvalid
from anonymize.policy import Policy


def read_policy(path: Path) -> Policy:
    """The policy in a UTF-8 file; PolicyInvalid names the line of a mistake."""
    try:
        return Policy.from_yaml(path.read_text("utf-8-sig"))
    except UnicodeDecodeError:
        raise PolicyInvalid("方案文件应为 UTF-8 编码。", "The policy file must be UTF-8.") from None
