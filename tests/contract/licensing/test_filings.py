"""Filings on PostgreSQL: 50 at once get 50 numbers without a gap, also when some of them fail."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from licensing.core.store.step import load
from licensing.filings import service
from licensing.filings.models import Filing
from licensing.ports import Context
from tests.factories.filing_world import acting, draft, signed
from tests.factories.licensing_world import make_context

TOGETHER = 50


@pytest.mark.article("SX-17")
@pytest.mark.parametrize("failing", [0, 3])
def test_fifty_filings_at_once_get_gapless_numbers(
    engine: Engine, session: Session, ctx: Context, failing: int
) -> None:
    ids = []
    for _ in range(TOGETHER):
        filing = draft(session, ctx)
        service.submit(session, acting(session, ctx, "u-provider"), filing.id, signed)
        ids.append(filing.id)
    session.commit()
    gate = Barrier(TOGETHER)
    faults: list[BaseException] = []

    def accept(place: int) -> None:
        try:
            with Session(engine) as own:
                mine = make_context(own, ctx.storage._root, ctx.time)  # type: ignore[attr-defined,arg-type]
                own.commit()
                gate.wait(60)
                service.accept(own, mine, ids[place], signed)
                if failing and place % failing == 0:
                    own.rollback()
                else:
                    own.commit()
        except BaseException as fault:  # noqa: BLE001  (whatever it is, the test must see it)
            faults.append(fault)
            gate.abort()

    threads = [Thread(target=accept, args=(place,)) for place in range(TOGETHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    session.expire_all()
    serials = [load(session, Filing, each).serial for each in ids]
    given = sorted(each for each in serials if each is not None)
    failed = len(range(0, TOGETHER, failing)) if failing else 0
    assert given == list(range(1, TOGETHER - failed + 1))
    next_one = draft(session, ctx)
    service.submit(session, acting(session, ctx, "u-provider"), next_one.id, signed)
    assert service.accept(session, ctx, next_one.id, signed).serial == len(given) + 1
