"""What signing refuses, and why.

::

    Conflict
    └── SignatureRefused      exit 4, HTTP 409   out of turn, twice, after a change, request expired
    InvalidInput
    └── CertificateRefused    exit 2, HTTP 422   expired, revoked, untrusted, of somebody else, too weak
"""

from __future__ import annotations

from licensing.core.errors import Conflict, InvalidInput


class SignatureRefused(Conflict):
    code = "signature_refused"


class CertificateRefused(InvalidInput):
    code = "certificate_refused"
