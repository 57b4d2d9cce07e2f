"""The weights that find names in free text, fetched in the same phase as the jars.

The portal works without them, so a failed fetch is a warning: free text is then redacted whole.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from .messages import Message


class Progress(Protocol):
    """What a fetch tells of itself; see `stack.Progress`."""

    def bytes(self, title: Message, total: int) -> AbstractContextManager[Callable[[int], None]]:
        """A stage measured in bytes; yields the function that counts them."""

    def warn(self, message: Message) -> None:
        """Something is amiss, and the work goes on."""


def fetch(progress: Progress) -> bool:
    """Bring the weights into the user's cache unless they are there; whether they are there now."""
    from anonymize.errors import AnonymizeError  # the library takes a second to import: not at the top
    from anonymize.tagger import weights

    if weights.is_whole():
        return True
    title = Message("下载姓名识别模型", "Fetching the weights that find names")
    try:
        with progress.bytes(title, weights.SIZE) as advance:
            weights.fetch(_counting(advance))
    except AnonymizeError as error:
        progress.warn(Message(error.zh, error.en))
        return False
    except ModuleNotFoundError as error:
        progress.warn(
            Message(
                f"未安装 {error.name}，无法获取姓名识别模型；自由文本将整段遮盖。",
                f"{error.name} is not installed, so the weights for names cannot be fetched; "
                "free text is redacted whole.",
            )
        )
        return False
    return True


def _counting(advance: Callable[[int], None]) -> Callable[[str, int, int], None]:
    """Sums of bytes → bytes since the last time; what comes after the download is not measured in bytes."""
    counted = 0

    def show(stage: str, done: int, _total: int) -> None:
        nonlocal counted
        if stage == "fetch":
            advance(done - counted)
            counted = done

    return show
