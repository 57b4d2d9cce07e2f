"""The two buckets of this installation, from CKAN's configuration.

``staging`` holds sealed objects only and is private; ``public`` holds what was (or is about to be)
published, under keys that never change, read by the download view alone.
"""

from __future__ import annotations

from functools import cache

from ckanext.govdata import config
from ckanext.govdata.storage.keyring import Keyring
from ckanext.govdata.storage.s3 import S3Settings, S3Store


@cache
def _store(settings: S3Settings) -> S3Store:
    store = S3Store(settings)
    store.ensure_bucket()
    return store


def staging() -> S3Store:
    """The private bucket of sealed objects; made when it is not there."""
    return _store(config.s3(config.staging_bucket()))


def public() -> S3Store:
    """The bucket of published files; made when it is not there."""
    return _store(config.s3(config.public_bucket()))


def keyring() -> Keyring:
    """The key-encryption keys of this process (``GOVDATA_KEK``).

    Raises:
        KeyringInvalid: not set or malformed; nothing can be staged then.
    """
    return Keyring.from_environment()
