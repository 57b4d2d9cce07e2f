"""What went wrong, said without a value: for the release's ``failure`` and for the log.

Messages of deliberate errors hold no cell by contract. Messages of every other exception may quote one
(parsers do), so only its type and the place in our code are told.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

from anonymize.errors import AnonymizeError
from anonymize.findings import Sentence
from licensing.core.errors import LicensingError

Failure = dict[str, Any]

WORKER_LOST = Sentence(
    "处理进程中断，没有任何内容公开，原始文件仍加密保存。请重新执行这一步；如再次出现，请联系平台管理员。",
    "The worker died; nothing became public and the raw file is still sealed. Run the step again; "
    "if it happens once more, tell the platform's administrator.",
)
INTERNAL = Sentence(
    "系统内部错误（{where}），没有任何内容公开，原始文件仍加密保存。请重试；如再次出现，请把本页编号告知平台管理员。",
    "An internal error ({where}); nothing became public and the raw file is still sealed. Try again; "
    "if it happens once more, tell the platform's administrator the number of this page.",
)


def failure(code: str, sentence: Sentence) -> Failure:
    """The document that ``_show`` answers as ``failure``."""
    return {"code": code, "message": {"zh": sentence.zh, "en": sentence.en}}


def of(error: BaseException) -> Failure:
    """What to tell of ``error``."""
    if isinstance(error, (AnonymizeError, LicensingError)):
        return failure(error.code, Sentence(error.zh, error.en))
    where = place_of(error)
    return failure(
        "internal_error", Sentence(INTERNAL.zh.format(where=where), INTERNAL.en.format(where=where))
    )


def place_of(error: BaseException) -> str:
    """``Type at file:line, …``: the innermost frames, without the message."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    path = ", ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))
    return f"{type(error).__name__} at {path}" if path else type(error).__name__
