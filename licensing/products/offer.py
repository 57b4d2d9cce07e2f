"""Terms under which a product is offered or traded (SX-19), as typed values."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from licensing.core.errors import InvalidInput
from licensing.core.store.text import refuse_unstorable

PRICING: Final[dict[str, tuple[str, str]]] = {
    "free": ("免费", "Free of charge"),
    "once": ("一次性收费", "Paid once"),
    "subscription": ("按期收费", "Subscription"),
    "per_call": ("按次收费", "Per call"),
    "negotiated": ("面议", "Negotiated"),
}


class Offer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``price_fen`` in hundredths of a yuan; none for ``free`` and ``negotiated``. ``licence``: a name or a
    URL of the terms of use. ``venue``: the exchange where it is traded, if any."""

    pricing: Literal["free", "once", "subscription", "per_call", "negotiated"]
    licence: Annotated[str, Meta(min_length=1, max_length=300)]
    price_fen: Annotated[int, Meta(ge=1, le=2**53)] | None = None
    period: Literal["month", "quarter", "year"] | None = None
    venue: Annotated[str, Meta(max_length=200)] = ""
    restrictions: Annotated[str, Meta(max_length=2000)] = ""

    def as_dict(self) -> dict[str, Any]:
        data: dict[str, Any] = msgspec.to_builtins(self)
        return data


def parse_offer(data: object) -> Offer:
    """An offer out of plain data.

    Raises:
        InvalidInput: ill-typed, or price and pricing contradict each other.
    """
    refuse_unstorable(data)
    try:
        offer = msgspec.convert(data, Offer)
    except msgspec.ValidationError as error:
        raise _refused(str(error).rpartition(" - at ")[2].strip("`") or "$") from None
    paid = offer.pricing in ("once", "subscription", "per_call")
    if paid != (offer.price_fen is not None):
        raise _refused("$.price_fen")
    if (offer.pricing == "subscription") != (offer.period is not None):
        raise _refused("$.period")
    return offer


def _refused(where: str) -> InvalidInput:
    return InvalidInput(
        "交易条件有误（{where}），请检查后重新提交。",
        "The offer is not sound ({where}); check it and send it again.",
        where=where,
    )
