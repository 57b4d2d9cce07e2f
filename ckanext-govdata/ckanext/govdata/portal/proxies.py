"""Whose address a request has when a proxy stands in front of the portal.

Without a configured proxy the address is that of the connection, whatever headers say. A request that comes
from a trusted proxy has the address that this proxy wrote at the end of ``X-Forwarded-For``; where that is a
trusted proxy too, the one before it. What stands further left was written by somebody nobody vouches for.

Limits, the record of the door and networks of a grant go by this address.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Sequence
from typing import Any

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def behind(application: Application, trusted: Sequence[Network]) -> Application:
    """``application``, with ``REMOTE_ADDR`` as the trusted proxies say; as it is when there are none."""
    if not trusted:
        return application

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ["REMOTE_ADDR"] = address_of(
            str(environ.get("REMOTE_ADDR") or ""), str(environ.get("HTTP_X_FORWARDED_FOR") or ""), trusted
        )
        return application(environ, start_response)

    return answer


def address_of(connection: str, forwarded: str, trusted: Sequence[Network]) -> str:
    """The address of whoever asked; ``connection`` where a header says nothing that can be believed."""
    found = connection
    for claimed in reversed(forwarded.split(",")):
        here = _read(found)
        if here is None or not any(here in each for each in trusted):
            break
        before = _read(claimed.strip())
        if before is None:
            break
        found = str(before)
    return found


def _read(text: str) -> Address | None:
    """The address, an IPv4 one that is written as IPv6 as what it is; None for anything else."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
