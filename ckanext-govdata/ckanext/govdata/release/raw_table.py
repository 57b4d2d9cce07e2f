"""The raw file as a table, read through the decrypting stream: it never stands anywhere in plain."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import anonymize
from anonymize.readers.table import Table
from ckanext.govdata.storage import buckets, sealed


@contextmanager
def opened(key: str, name: str) -> Iterator[Table]:
    """The table in the sealed staging object ``key``; ``name`` is the file's name as uploaded.

    Raises:
        SourceUnreadable: the content is no table that can be read.
        ObjectMissing, ObjectDamaged, KeyUnknown: the sealed object is gone or cannot be opened.
    """
    with sealed.open_sealed(buckets.staging(), key, buckets.keyring()) as stream:
        yield anonymize.open_table(stream, name=name)
