"""Files that have no name until they are whole: whatever stops a run leaves the old file or the new one."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from anonymize.errors import WrongUse

_HANDLES = "/proc/self/fd"


class Unnamed:
    """A file in the folder of ``target`` that takes its name by ``keep``, and is gone without it.

    On Linux it has no name at all before (``O_TMPFILE``): the kernel removes it even when the process is
    killed. Where a file system has none of these, it is a hidden file, removed when the block ends.

    Args:
        target: the name that it will take; an earlier file of this name stays until then.
        mode: permissions, less what the umask takes.
    """

    def __init__(self, target: Path, mode: int = 0o666) -> None:
        self.target = target
        self._part = target.with_name(f".{secrets.token_hex(8)}.part")
        self._named = False
        self.stream: BinaryIO = self._opened(mode)

    def _opened(self, mode: int) -> BinaryIO:
        unnamed = getattr(os, "O_TMPFILE", 0) if os.path.isdir(_HANDLES) else 0
        if unnamed:
            # Not on this file system, or the folder cannot be written: that shows below.
            with suppress(OSError):
                return os.fdopen(os.open(self.target.parent, unnamed | os.O_RDWR, mode), "w+b")
        try:
            handle = os.open(self._part, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)
        except OSError as error:
            raise WrongUse(
                "不能写入 {name}（{reason}）。请检查目录及其权限。",
                "{name} cannot be written ({reason}). Check the folder and its permissions.",
                name=self.target.name,
                reason=error.strerror or type(error).__name__,
            ) from None
        self._named = True
        return os.fdopen(handle, "w+b")

    def keep(self) -> None:
        """Give the file its name, in the place of any earlier one."""
        if not self._named:
            self._link(self._part)
            self._named = True
        self.stream.flush()
        self._part.replace(self.target)
        self._named = False

    def stand_by(self, place: Path) -> None:
        """Give the file, whole and on the disk, a name for the time being; who gives it takes it away."""
        self.stream.flush()
        os.fsync(self.stream.fileno())
        if self._named:
            self._part.replace(place)
            self._named = False
        else:
            self._link(place)

    def _link(self, place: Path) -> None:
        # With a descriptor Python asks the kernel to follow the link; the path is absolute all the same.
        handle = self.stream.fileno()
        os.link(f"{_HANDLES}/{handle}", place, src_dir_fd=handle)

    def __enter__(self) -> Unnamed:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stream.close()
        if self._named:
            self._part.unlink(missing_ok=True)


def spare(inputs: Iterable[Path | None], outputs: Iterable[Path | None]) -> None:
    """Refuse to write over what a run reads.

    Raises:
        WrongUse: an output is one of the inputs, by whatever path.
    """
    read = {_identity(path): path for path in inputs if path is not None and path.exists()}
    for output in outputs:
        if output is not None and output.exists() and _identity(output) in read:
            raise WrongUse(
                "输出 {name} 会覆盖输入文件，请换一个目录或文件名。",
                "The output {name} would replace an input; choose another folder or name.",
                name=output.name,
            )


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino
