"""One round of questions over HTTP."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import requests

from ckanext.govdata.supervision.availability.targets import DOWNLOAD, HOME, Target

TIMEOUT: Final = (2.0, 5.0)
"""Seconds to connect and to wait for bytes: who waits longer has given up."""
THREADS: Final = 4
MOST_BYTES: Final = 1 << 20
_GOOD: Final = frozenset({200, 206})
_AGENT: Final = "govdata-availability/1"


@dataclass(frozen=True, slots=True)
class Answer:
    """``status`` is None when there was no answer at all."""

    target: Target
    ok: bool
    status: int | None
    milliseconds: int


def ask(base: str, targets: Sequence[Target]) -> list[Answer]:
    """The answer of each target. When the home page cannot even be reached, nothing else is waited for."""
    first = [each for each in targets if each.way == HOME]
    answers = [_one(base, each) for each in first]
    rest = [each for each in targets if each.way != HOME]
    if answers and all(each.status is None for each in answers):
        return answers + [Answer(each, False, None, 0) for each in rest]
    with ThreadPoolExecutor(THREADS) as pool:
        return answers + list(pool.map(lambda each: _one(base, each), rest))


def _one(base: str, target: Target) -> Answer:
    headers = {"User-Agent": _AGENT}
    if target.way == DOWNLOAD:
        headers["Range"] = "bytes=1-1"
    begun, status, good = time.perf_counter(), None, False
    try:
        # No redirect is followed, no proxy of the environment is used: only the own address is asked.
        with requests.Session() as client:
            client.trust_env = False
            with client.get(
                base + target.path, headers=headers, timeout=TIMEOUT, allow_redirects=False, stream=True
            ) as answer:
                status = answer.status_code
                size = 0
                for piece in answer.iter_content(65_536):
                    size += len(piece)
                    if size > MOST_BYTES:
                        break
                good = status in _GOOD and size > 0
    except requests.RequestException:
        good = False
    return Answer(target, good, status, round((time.perf_counter() - begun) * 1000))
