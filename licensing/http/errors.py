"""What only the HTTP edge refuses.

::

    LicensingError
    ├── BadRequest             400   not JSON, a header that is not understood
    ├── Unauthenticated        401
    ├── MethodNotAllowed       405
    ├── PreconditionFailed     412   If-Match names another version
    ├── ContentTooLarge        413
    ├── UnsupportedMedia       415
    ├── KeyReused              422   an idempotency key came again with another request
    ├── PreconditionRequired   428   If-Match is missing
    ├── TooManyRequests        429
    ├── Unexpected             500   a fault of ours
    └── Unavailable            503   busy, or the database cannot be reached
"""

from __future__ import annotations

from licensing.core.errors import InvalidInput, LicensingError


class BadRequest(LicensingError):
    code, status = "bad_request", 400


class Unauthenticated(LicensingError):
    code, status = "unauthenticated", 401


class MethodNotAllowed(LicensingError):
    code, status = "method_not_allowed", 405


class PreconditionFailed(LicensingError):
    code, status = "precondition_failed", 412


class ContentTooLarge(LicensingError):
    code, status = "content_too_large", 413


class UnsupportedMedia(LicensingError):
    code, status = "unsupported_media", 415


class KeyReused(InvalidInput):
    code = "idempotency_key_reused"


class PreconditionRequired(LicensingError):
    code, status = "precondition_required", 428


class TooManyRequests(LicensingError):
    code, status = "too_many_requests", 429


class Unexpected(LicensingError):
    code, status = "unexpected", 500


class Unavailable(LicensingError):
    code, status = "unavailable", 503
