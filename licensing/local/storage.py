"""Objects as files of a folder."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path

from licensing.core.errors import Conflict, InvalidInput, NotFound

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}(/[A-Za-z0-9][A-Za-z0-9._-]{0,127}){0,7}")
_DIGEST_SUFFIX = ".sha256"


class FolderStorage:
    """Immutable objects below ``root``, readable by the owner alone, each beside its digest."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, key: str, content: bytes, sha256: str) -> None:
        """Store under a new key; see :class:`licensing.ports.Storage`."""
        path = self._path(key)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise InvalidInput("内容与摘要不符。", "The content is not that of the digest.")
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # The digest first: an object without its content was never put, one without its digest is not read.
        for target, data in ((Path(f"{path}{_DIGEST_SUFFIX}"), sha256.encode()), (path, content)):
            self._place(target, data)

    def get(self, key: str) -> bytes:
        """The content, checked against its digest; see :class:`licensing.ports.Storage`."""
        path = self._path(key)
        try:
            content, digest = path.read_bytes(), Path(f"{path}{_DIGEST_SUFFIX}").read_text()
        except FileNotFoundError as error:
            raise NotFound("没有这个文件。", "There is no such object.") from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise Conflict("文件内容与入库时不一致。", "The object is not what was put there.")
        return content

    def _place(self, target: Path, data: bytes) -> None:
        """Write a file whole and durably, or find the same one; two writers cannot mix."""
        partial = target.with_name(f".{secrets.token_hex(8)}.partial")
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            try:
                os.link(partial, target)
            except FileExistsError as error:
                if target.read_bytes() != data:
                    raise Conflict(
                        "该文件名已存有其他内容。", "The key holds other content already."
                    ) from error
        finally:
            partial.unlink()

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key) or key.endswith(_DIGEST_SUFFIX):
            raise InvalidInput("文件名不合规。", "The key is not a plain one.")
        return self._root / key
