"""What falls due by itself between platforms: links of new cases, messages of new steps, deliveries."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from licensing.cascade import outbox
from licensing.cascade.delivery import Machine, deliver
from licensing.cascade.signing import Key
from licensing.cascade.transport import Transport


def run(open_session: Callable[[], Session], machine: Machine, key: Key, transport: Transport) -> int:
    """One round, each part in a transaction of its own; how many messages were acknowledged."""
    with open_session() as session, session.begin():
        outbox.begin_links(session)
    with open_session() as session, session.begin():
        outbox.compose(session, machine(session), key)
    return deliver(open_session, machine, key, transport)
