"""What the authority has issued and revoked: an append-only file, one JSON line an act.

The file is the register: what a certificate's state is follows from its last line. A line is on the disk
(``fsync``) before the act is answered, and a half-written last line, left by a crash, was never answered
and is cut off when the register is opened for writing.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class State:
    """One certificate: ``serial`` in hexadecimal; ``revoked`` and ``reason`` are None while it is good."""

    serial: str
    not_after: datetime
    revoked: datetime | None = None
    reason: str | None = None


class Register:
    """The register in ``path``; safe between processes by a lock on the file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def issued(self, serial: int, not_after: datetime) -> None:
        """Note a new certificate."""
        with self._open() as stream:
            self._append(
                stream, {"act": "issue", "serial": f"{serial:x}", "not_after": not_after.isoformat()}
            )

    def revoke(self, serial: int, at: datetime, reason: str) -> State:
        """Note a revocation; one that stands already stays as it was.

        Raises:
            KeyError: the authority never issued it.
        """
        with self._open() as stream:
            state = self.states()[f"{serial:x}"]
            if state.revoked is None:
                line = {"act": "revoke", "serial": f"{serial:x}", "at": at.isoformat(), "reason": reason}
                self._append(stream, line)
                return State(state.serial, state.not_after, at, reason)
            return state

    def state(self, serial: int) -> State | None:
        """The certificate's state, or None for one that was never issued here."""
        return self.states().get(f"{serial:x}")

    def states(self) -> dict[str, State]:
        """Every certificate by serial number."""
        result: dict[str, State] = {}
        if not self.path.exists():
            return result
        text = self.path.read_text(encoding="utf-8")
        for line in text[: text.rfind("\n") + 1].splitlines():
            entry: dict[str, Any] = json.loads(line)
            serial = entry["serial"]
            if entry["act"] == "issue":
                result[serial] = State(serial, datetime.fromisoformat(entry["not_after"]))
            else:
                before = result[serial]
                at = datetime.fromisoformat(entry["at"])
                result[serial] = State(serial, before.not_after, at, entry["reason"])
        return result

    @contextmanager
    def _open(self) -> Iterator[int]:
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            data = self.path.read_bytes()
            whole = data.rfind(b"\n") + 1
            if whole != len(data):
                os.ftruncate(handle, whole)
            os.lseek(handle, whole, os.SEEK_SET)
            yield handle
        finally:
            os.close(handle)

    @staticmethod
    def _append(handle: int, entry: dict[str, Any]) -> None:
        line = json.dumps(entry, sort_keys=True).encode() + b"\n"
        while line:
            line = line[os.write(handle, line) :]
        os.fsync(handle)
