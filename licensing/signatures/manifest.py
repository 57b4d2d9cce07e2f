"""The canonical manifest: what a document is and between whom, in bytes that every language makes alike.

The national signatures (SM2 with SM3) are made over it. It names the document by both digests of the PDF
*before* its first signature, so that it stays the same while signatures are added.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from licensing.core.ledger.entry import canonical

SCHEMA = "govdata.manifest/1"


@dataclass(frozen=True, slots=True)
class Signatory:
    """One side (甲方、乙方 …).

    ``side`` names its place in the document (``a``, ``b`` …), ``party`` is the id of a ``department``, a
    ``partner``, a ``person`` or an ``office`` (``kind``), ``role`` the role in which somebody signs for it.
    ``identifier``: unified social credit code, or the register's opaque reference of a natural person.
    """

    side: str
    party: str
    kind: str
    role: str
    name: str
    identifier: str


def manifest(
    document_id: str, kind: str, title: str, pdf: bytes, signatories: Sequence[Signatory]
) -> dict[str, Any]:
    """The manifest as plain data; ``canonical`` makes its bytes."""
    return {
        "schema": SCHEMA,
        "id": document_id,
        "kind": kind,
        "title": title,
        "size": len(pdf),
        "sha256": hashlib.sha256(pdf).hexdigest(),
        "sm3": hashlib.new("sm3", pdf).hexdigest(),
        "signatories": [
            {"side": each.side, "party": each.party, "name": each.name, "identifier": each.identifier}
            for each in signatories
        ],
    }


def manifest_bytes(data: dict[str, Any]) -> bytes:
    """Sorted keys, no spaces, UTF-8."""
    return canonical(data)
