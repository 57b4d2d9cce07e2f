"""Who the parties are, as printed in the agreement; stored apart from the terms, so that it can be erased."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from licensing.core.errors import InvalidInput
from licensing.core.ledger.entry import commit
from licensing.core.store.text import refuse_unstorable
from licensing.ports import APPLICANT, PROVIDER
from licensing.signatures.manifest import Signatory

A, B = "a", "b"
SIDES: Final[dict[str, tuple[str, str]]] = {A: ("甲方", "Party A"), B: ("乙方", "Party B")}
"""甲方 provides, 乙方 applies; they sign in this order."""

Text = Annotated[str, Meta(max_length=200)]


class Party(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One party.

    ``identifier``: unified social credit code, or for a natural person the register's opaque reference; it is
    what the signer's certificate must name. ``shown_identifier`` is printed instead where it is given (a
    natural person's masked number).
    """

    id: Annotated[str, Meta(min_length=1, max_length=64)]
    kind: Literal["department", "partner", "person"]
    name: Text
    identifier: Text
    shown_identifier: Text = ""
    address: Text = ""
    representative: Text = ""
    contact: Text = ""
    telephone: Text = ""


class Parties(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """甲方 and 乙方."""

    provider: Party
    applicant: Party

    def as_dict(self) -> dict[str, Any]:
        data: dict[str, Any] = msgspec.to_builtins(self)
        return data

    def commitment(self, salt: bytes) -> str:
        """What stays when the names are erased: HMAC-SHA-256 under a salt that goes with them, in hex."""
        return commit(self.as_dict(), salt).hex()

    def signatories(self) -> tuple[Signatory, Signatory]:
        """As the signatures want them, in the order of signing."""
        return (
            _signatory(A, self.provider, PROVIDER),
            _signatory(B, self.applicant, APPLICANT),
        )


def parse_parties(data: object) -> Parties:
    """Parties out of plain data.

    Raises:
        InvalidInput: ill-typed; the message names the place, never the value.
    """
    if isinstance(data, dict):
        refuse_unstorable(data)
    try:
        return msgspec.convert(data, Parties)
    except msgspec.ValidationError as error:
        raise InvalidInput(
            "协议双方信息的格式有误（{where}），请检查后重新提交。",
            "The parties are not well-formed ({where}); check them and send them again.",
            where=str(error).rpartition(" - at ")[2].strip("`") or "$",
        ) from None


def _signatory(side: str, party: Party, role: str) -> Signatory:
    return Signatory(side, party.id, party.kind, role, party.name, party.identifier)
