"""Products driven by random steps."""

from __future__ import annotations

from types import MappingProxyType

import pytest
from sqlalchemy.orm import Session

from licensing.ports import Context
from licensing.products import service
from licensing.products.lifecycle import LIFECYCLE
from licensing.products.models import Product
from licensing.products.offer import Offer
from licensing.products.service import Source
from tests.factories.filing_world import agreement
from tests.factories.product_world import TODAY, downloaded, product
from tests.unit.licensing.machine import CaseMachine, Service, drive

pytestmark = pytest.mark.slow

FREE = Offer(pricing="free", licence="CC BY 4.0")


def save(session: Session, ctx: Context, made: Product, reason: str, version: int | None) -> object:
    return service.save(
        session, ctx, made.id, name="停车", description=reason, kind="report",
        sources=[Source("parking", TODAY)], if_version=version,
    )  # fmt: skip


SERVICES: dict[str, Service] = {
    "save": save,
    "submit": lambda s, c, p, r, v: service.submit(s, c, p.id, agreement(), if_version=v),
    "return": lambda s, c, p, r, v: service.send_back(s, c, p.id, reason=r, if_version=v),
    "list": lambda s, c, p, r, v: service.publish(s, c, p.id, agreement(), if_version=v),
    "offer": lambda s, c, p, r, v: service.change_offer(s, c, p.id, FREE, if_version=v),
    "suspend": lambda s, c, p, r, v: service.suspend(s, c, p.id, reason=r, if_version=v),
    "resume": lambda s, c, p, r, v: service.resume(s, c, p.id, reason=r, if_version=v),
    "delist": lambda s, c, p, r, v: service.delist(s, c, p.id, reason=r, if_version=v),
}


class ProductMachine(CaseMachine):
    lifecycle = LIFECYCLE
    services = MappingProxyType(SERVICES)

    def prepare(self, session: Session) -> None:
        downloaded(session, self.ctx)

    def create(self, session: Session, ctx: Context) -> Product:
        return product(session, ctx)


def test_a_product_goes_no_way_that_the_table_does_not_know() -> None:
    counted = drive(ProductMachine)
    assert counted["refused"] > 0
    assert set(SERVICES) == set(LIFECYCLE.actions)
    assert {"state:submitted", "state:delisted"} <= set(counted)
