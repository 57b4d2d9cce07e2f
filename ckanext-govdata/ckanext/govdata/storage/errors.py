"""Every error that the storage rooms raise on purpose.

::

    LicensingError (common root of the portal: code, status, exit_code, zh, en)
    └── StorageError           HTTP 500
        ├── ObjectMissing      HTTP 404   no object of that key
        ├── ObjectDamaged      HTTP 500   a sealed object was changed, cut, extended or swapped
        ├── KeyUnknown         HTTP 500   the key-encryption key of an object is not configured
        ├── KeyringInvalid     HTTP 500   GOVDATA_KEK is missing or malformed
        ├── RangeInvalid       HTTP 416   the object has no such bytes
        ├── StoreUnavailable   HTTP 503   the object store does not answer
        └── UploadRefused      HTTP 4xx   an upload that is too large, incomplete or of somebody else

No message holds content, a key or a staging key: staging keys are as secret as a password.
"""

from __future__ import annotations

from licensing.core.errors import LicensingError


class StorageError(LicensingError):
    code = "storage_error"


class ObjectMissing(StorageError):
    code, status, exit_code = "object_missing", 404, 6


class ObjectDamaged(StorageError):
    code = "object_damaged"


class KeyUnknown(StorageError):
    code = "kek_unknown"


class KeyringInvalid(StorageError):
    code, exit_code = "kek_invalid", 2


class RangeInvalid(StorageError):
    code, status = "range_invalid", 416


class StoreUnavailable(StorageError):
    code, status = "store_unavailable", 503


class UploadRefused(StorageError):
    """``status`` is set by the caller, because each refusal has its own meaning in HTTP."""

    code, status, exit_code = "upload_refused", 422, 2

    def __init__(self, code: str, status: int, zh: str, en: str, **params: object) -> None:
        super().__init__(zh, en, **params)
        # Set on the instance: one class, many refusals, each with a code that a client can act on.
        self.code, self.status = code, status  # type: ignore[misc]
