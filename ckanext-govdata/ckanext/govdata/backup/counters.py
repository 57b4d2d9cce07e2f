"""Figures of use that stand in Valkey alone: calls and downloads by day, by file, licences accepted.

Everything else in there can be lost: sessions, the queue, kept pages.
"""

from __future__ import annotations

import base64
from typing import Any, Final

import redis

from ckanext.govdata.embedded import ckan_config
from ckanext.govdata.embedded.home import Home
from ckanext.govdata.embedded.secrets import Secrets

PATTERNS: Final = ("govdata:calls:*", "govdata:downloads*", "govdata:accepted*")
Line = dict[str, Any]


def read(home: Home, secrets: Secrets) -> list[Line]:
    """``{key, left, value}`` of every figure: ``left`` milliseconds to live (0: for ever), the value as dumped."""  # noqa: E501
    with redis.from_url(ckan_config.redis_url(home, secrets)) as client:
        names = sorted({name for pattern in PATTERNS for name in client.scan_iter(pattern, count=1000)})
        lines = []
        for name in names:
            value, left = client.dump(name), client.pttl(name)
            if value is not None:  # gone since it was listed: its time was over
                lines.append(
                    {
                        "key": name.decode(), "left": max(0, left),
                        "value": base64.b64encode(value).decode(),
                    }
                )  # fmt: skip
        return lines


def write(home: Home, secrets: Secrets, lines: list[Line]) -> None:
    """Put the figures back."""
    with redis.from_url(ckan_config.redis_url(home, secrets)) as client:
        for line in lines:
            client.restore(line["key"], line["left"], base64.b64decode(line["value"]), replace=True)
