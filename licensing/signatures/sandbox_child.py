"""The process in which an uploaded file is judged; see ``sandbox``."""

from __future__ import annotations

import resource
import sys
from datetime import datetime
from typing import IO

from asn1crypto import crl, ocsp, x509
from pyhanko.sign.timestamps import TimeStamper

from licensing.core.errors import LicensingError
from licensing.signatures.revocation import Evidence
from licensing.signatures.sandbox import Job, Judged, Known, Question, Refused, receive, send
from licensing.signatures.trust import Trust
from licensing.signatures.verify import verify_pdf


class _Asking:
    """Revocation as the other side of the pipe knows it."""

    def __init__(self, into: IO[bytes], out: IO[bytes]) -> None:
        self._into, self._out = into, out

    def about(self, certificate: x509.Certificate, issuer: x509.Certificate) -> Evidence:
        send(self._out, Question(certificate.dump(), issuer.dump()))
        known = receive(self._into)
        if not isinstance(known, Known):
            raise TypeError("an answer was expected")
        return Evidence(
            [ocsp.OCSPResponse.load(each) for each in known.ocsps],
            [crl.CertificateList.load(each) for each in known.crls],
        )


def _limit(cpu_seconds: int, memory_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def _judge(document: bytes, trust: Trust, at: datetime) -> Judged | Refused:
    try:
        return Judged(verify_pdf(document, trust, at).as_dict())
    except LicensingError as error:
        return Refused(error.zh, error.en)


def main(into: IO[bytes], out: IO[bytes]) -> None:
    """Take one job, answer it, end."""
    job = receive(into)
    if not isinstance(job, Job):
        raise TypeError("a job was expected")
    trust = Trust(
        roots=tuple(x509.Certificate.load(each) for each in job.roots),
        intermediates=tuple(x509.Certificate.load(each) for each in job.intermediates),
        revocation=_Asking(into, out),
        timestamper=TimeStamper(),  # type: ignore[no-untyped-call]  # abstract: nothing is stamped here
    )
    send(out, _judge(job.document, trust, job.at))


if __name__ == "__main__":
    _limit(int(sys.argv[1]), int(sys.argv[2]))
    main(sys.stdin.buffer, sys.stdout.buffer)
