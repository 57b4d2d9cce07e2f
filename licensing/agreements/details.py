"""How the two parties are reached, and who they are by the register today.

Names and numbers come from the register and nowhere else; address, representative and telephone are the
parties' own to say.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec.structs import replace
from sqlalchemy.orm import Session

from licensing.agreements import versions
from licensing.agreements.cases import party_of
from licensing.agreements.models import Agreement
from licensing.agreements.parties import Parties, Party

Text = Annotated[str, msgspec.Meta(max_length=200)]


class Details(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How a party is reached; null leaves what there was."""

    address: Text | None = None
    representative: Text | None = None
    contact: Text | None = None
    telephone: Text | None = None

    def of(self, party: Party) -> Party:
        """``party`` with these details."""
        given = {name: value for name, value in msgspec.to_builtins(self).items() if value is not None}
        return replace(party, **given)


NOTHING = Details()


def parties_now(
    session: Session,
    agreement: Agreement,
    provider: Details = NOTHING,
    applicant: Details = NOTHING,
    *,
    edition: int | None = None,
) -> Parties:
    """The parties of a version (None: the newest), with successors in the place of those they follow.

    Raises:
        NotFound: a successor is not registered.
    """
    known = versions.parties_of(session, versions.version_of(session, agreement, edition))
    first, second = known.provider, known.applicant
    if first.id != agreement.provider_id:
        first = party_of(session, "department", agreement.provider_id)
    if second.id != agreement.applicant_id:
        second = party_of(session, agreement.applicant_kind, agreement.applicant_id)
    return Parties(provider=provider.of(first), applicant=applicant.of(second))
