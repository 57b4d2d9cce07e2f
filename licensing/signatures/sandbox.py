"""Judge an uploaded file in a process of its own, with limits on time, memory and open files.

A file that was made to break the reader breaks a process that holds no key, no database and no passphrase.
What the judgement needs to know of revocation it asks of this side, over its own pipe.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any, Final

import msgspec
from asn1crypto import x509

from licensing.core.errors import LicensingError
from licensing.signatures.errors import SignatureRefused
from licensing.signatures.trust import Trust

_LENGTH: Final = struct.Struct(">I")
_LARGEST: Final = 80 * 1024 * 1024
_CHILD: Final = "licensing.signatures.sandbox_child"
_QUESTIONS: Final = 200
"""More certificates than any honest file holds."""


class Job(msgspec.Struct, tag="job"):
    """What the child gets first: the file, and whom to believe."""

    document: bytes
    roots: list[bytes]
    intermediates: list[bytes]
    at: datetime


class Question(msgspec.Struct, tag="question"):
    """The child asks what is known about a certificate (DER)."""

    certificate: bytes
    issuer: bytes


class Known(msgspec.Struct, tag="known"):
    """OCSP answers and lists (DER)."""

    ocsps: list[bytes]
    crls: list[bytes]


class Judged(msgspec.Struct, tag="judged"):
    """The verdict as data."""

    verdict: dict[str, Any]


class Refused(msgspec.Struct, tag="refused"):
    """The file cannot be judged; why, in both languages."""

    zh: str
    en: str


Frame = Job | Question | Known | Judged | Refused
_DECODER = msgspec.msgpack.Decoder(Frame)


class Busy(LicensingError):
    """Too many files are being judged at this moment."""

    code, status = "unavailable", 503


class Ended(Exception):
    """The other side of the pipe is gone, or says what is not understood."""


def send(stream: IO[bytes], frame: Frame) -> None:
    """Write a frame: its length, then MessagePack."""
    data = msgspec.msgpack.encode(frame)
    stream.write(_LENGTH.pack(len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes]) -> Frame:
    """Read a frame.

    Raises:
        Ended: there is none.
    """
    head = stream.read(_LENGTH.size)
    if len(head) != _LENGTH.size:
        raise Ended
    (size,) = _LENGTH.unpack(head)
    data = stream.read(size) if size <= _LARGEST else b""
    if len(data) != size:
        raise Ended
    try:
        return _DECODER.decode(data)
    except msgspec.DecodeError as error:
        raise Ended from error


@dataclass(frozen=True)
class Sandbox:
    """Limits: seconds by the wall and of computing, bytes of memory, files judged at a time."""

    seconds: float = 60.0
    cpu_seconds: int = 30
    memory_bytes: int = 1024**3
    at_a_time: int = 2
    _places: threading.BoundedSemaphore = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_places", threading.BoundedSemaphore(self.at_a_time))

    def verify(self, document: bytes, trust: Trust, at: datetime) -> dict[str, Any]:
        """The verdict on ``document`` as :meth:`FileVerdict.as_dict` gives it.

        Raises:
            SignatureRefused: the file cannot be read, or not within the limits.
            Busy: as many files as may be are being judged now.
        """
        if not self._places.acquire(blocking=False):
            raise Busy(
                "正在验证的文件过多，请稍后重试。", "Too many files are being verified; try again later."
            )
        try:
            return self._run(document, trust, at)
        finally:
            self._places.release()

    def _run(self, document: bytes, trust: Trust, at: datetime) -> dict[str, Any]:
        job = Job(
            document,
            [each.dump() for each in trust.roots],
            [each.dump() for each in trust.intermediates],
            at,
        )
        with subprocess.Popen(
            [sys.executable, "-I", "-m", _CHILD, str(self.cpu_seconds), str(self.memory_bytes)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"}, cwd="/", close_fds=True,
        ) as child:  # fmt: skip
            if child.stdin is None or child.stdout is None:
                raise AssertionError("both are pipes")
            watch = threading.Timer(self.seconds, child.kill)
            watch.start()
            try:
                return _talk(child.stdin, child.stdout, job, trust)
            finally:
                watch.cancel()
                child.kill()


def _talk(into: IO[bytes], out: IO[bytes], job: Job, trust: Trust) -> dict[str, Any]:
    try:
        send(into, job)
        for _ in range(_QUESTIONS):
            frame = receive(out)
            if isinstance(frame, Question):
                send(into, _known(frame, trust))
            elif isinstance(frame, Judged):
                return frame.verdict
            elif isinstance(frame, Refused):
                raise SignatureRefused("{chinese}", "{english}", chinese=frame.zh, english=frame.en)
    except (Ended, OSError) as error:
        raise _unreadable() from error
    raise _unreadable()


def _known(question: Question, trust: Trust) -> Known:
    """Nothing about what is no certificate: the judgement then fails closed."""
    try:
        certificate, issuer = (
            x509.Certificate.load(each, strict=True) for each in (question.certificate, question.issuer)
        )
        found = trust.revocation.about(certificate, issuer)
    except (ValueError, TypeError, KeyError):
        return Known([], [])
    return Known([each.dump() for each in found.ocsps], [each.dump() for each in found.crls])


def _unreadable() -> SignatureRefused:
    return SignatureRefused(
        "这份文件无法在规定的时间和内存内读完：不是 PDF，或已损坏。",
        "The file cannot be read within the limits: not a PDF, or damaged.",
    )
