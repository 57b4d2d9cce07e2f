"""A product of the partner made of the data set ``parking``, which it really downloaded."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from licensing.ports import Context
from licensing.products import service
from licensing.products.models import Product
from licensing.products.service import Source
from licensing.usage.downloads import record_download
from tests.factories.filing_world import acting, agreement

TODAY = date(2026, 3, 2)


def downloaded(session: Session, ctx: Context, dataset: str = "parking") -> None:
    record_download(
        session, ctx, holder="p-river", dataset_id=dataset, release=1, sha256="ab" * 32, size=10,
        agreement_id="agreement-1",
    )  # fmt: skip


def product(session: Session, ctx: Context, who: str = "u-partner", **changes: Any) -> Product:
    """A draft."""
    arguments = {
        "name": "停车诱导服务", "description": "告诉司机哪里有空位。", "kind": "application",
        "sources": [Source("parking", TODAY)],
    } | changes  # fmt: skip
    return service.create(session, acting(session, ctx, who), agreement(), **arguments)


def listed(session: Session, ctx: Context, **changes: Any) -> Product:
    """A product on the public list."""
    downloaded(session, ctx)
    made = product(session, ctx, **changes)
    service.submit(session, acting(session, ctx, "u-partner"), made.id, agreement())
    return service.publish(session, acting(session, ctx, "u-administrator"), made.id, agreement())
