"""Sandbox keys: signed, for one account and one entry, good for thirty days; nothing of them is stored."""

from __future__ import annotations

from typing import Final

from ckan.plugins import toolkit as tk
from itsdangerous import BadData, URLSafeTimedSerializer

PREFIX: Final = "sb_"
DAYS: Final = 30


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(tk.config["SECRET_KEY"]), salt="govdata-sandbox-key")


def make(user_id: str, dataset_id: str) -> str:
    """A key of that account for that entry."""
    return PREFIX + str(_signer().dumps([user_id, dataset_id]))


def holds(key: str, dataset_id: str) -> bool:
    """Whether ``key`` is ours, for that entry, and not too old."""
    if not key.startswith(PREFIX):
        return False
    try:
        _, dataset = _signer().loads(key.removeprefix(PREFIX), max_age=DAYS * 86_400)
    except (BadData, ValueError, TypeError):
        return False
    return bool(dataset == dataset_id)
