"""A product states where its data come from, and the register does not believe it without a record."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from licensing.core.errors import InvalidInput, NotPermitted
from licensing.core.ledger.models import PendingEntry
from licensing.core.lifecycle_clocks import clock_faults
from licensing.ports import Context
from licensing.products import attribution, register, service
from licensing.products.badge import badge
from licensing.products.lifecycle import LIFECYCLE, STATE_NAMES
from licensing.products.models import Product, ProductSource
from licensing.products.offer import PRICING, Offer, parse_offer
from licensing.products.service import KINDS, Source, SourcesRefused
from licensing.usage.drain import drain
from licensing.usage.meter import Meter
from tests.factories.filing_world import acting, agreement
from tests.factories.grant_world import active, call
from tests.factories.licensing_world import SettableTime
from tests.factories.product_world import TODAY, downloaded, listed, product

NAMES = {"d-transport": "晋安市交通运输局"}
FREE = Offer(pricing="free", licence="CC BY 4.0")
PAID = Offer(
    pricing="subscription", licence="示范使用许可", price_fen=990050, period="year", venue="省数据交易所"
)


def test_the_table_names_every_state() -> None:
    assert clock_faults(LIFECYCLE) == []
    assert set(STATE_NAMES) == set(LIFECYCLE.states)
    assert LIFECYCLE.dead_ends() == {"delisted"}


@pytest.mark.article("SX-18")
def test_a_true_date_of_acquisition_is_accepted_and_its_proof_is_on_the_ledger(
    session: Session, ctx: Context
) -> None:
    made = listed(session, ctx)
    assert made.status == "listed"
    (source,) = service.sources_of(session, made.id)
    assert source.evidence.startswith("download:")
    entry = session.scalars(select(PendingEntry).where(PendingEntry.kind == "product.list")).one()
    assert entry.payload is not None
    assert entry.payload["data"]["sources"][0]["evidence"] == source.evidence


@pytest.mark.article("SX-18")
@pytest.mark.parametrize("days", [-1, 1, 30])
def test_a_false_date_of_acquisition_is_refused(session: Session, ctx: Context, days: int) -> None:
    downloaded(session, ctx)
    made = product(session, ctx, sources=[Source("parking", TODAY + timedelta(days=days))])
    with pytest.raises(SourcesRefused) as refusal:
        service.submit(session, acting(session, ctx, "u-partner"), made.id, agreement())
    assert [part.pointer for part in refusal.value.parts()] == ["/sources/0/acquired"]
    assert made.status == "draft"


def test_somebody_elses_download_and_a_dataset_outside_the_agreement_prove_nothing(
    session: Session, ctx: Context
) -> None:
    partner = acting(session, ctx, "u-partner")
    with pytest.raises(SourcesRefused):
        service.submit(session, partner, product(session, ctx).id, agreement())
    downloaded(session, ctx, "clinics")
    other = product(session, ctx, sources=[Source("clinics", TODAY)])
    with pytest.raises(SourcesRefused, match="does not include"):
        service.submit(session, partner, other.id, agreement())
    with pytest.raises(SourcesRefused, match="no source"):
        service.submit(session, partner, product(session, ctx, sources=[]).id, agreement())
    with pytest.raises(InvalidInput):
        product(session, ctx, sources=[Source("nothing", TODAY)])


@pytest.mark.article("SX-18")
def test_data_taken_by_calls_count_as_acquired_on_their_days(
    session: Session, ctx: Context, time: SettableTime, tmp_path: Path
) -> None:
    meter = Meter(tmp_path)
    call(meter, active(session, ctx), time.now())
    meter.close()
    drained = drain(session, ctx, tmp_path)
    session.commit()
    drained.forget()
    made = product(session, ctx)
    service.submit(session, acting(session, ctx, "u-partner"), made.id, agreement())
    assert service.sources_of(session, made.id)[0].evidence.startswith("call:")


def test_only_the_applicant_registers_and_only_an_office_lists(session: Session, ctx: Context) -> None:
    downloaded(session, ctx)
    for who in ("u-other-partner", "u-provider", "u-administrator"):
        with pytest.raises(NotPermitted):
            product(session, ctx, who)
    made = product(session, ctx)
    partner = acting(session, ctx, "u-partner")
    service.submit(session, partner, made.id, agreement())
    with pytest.raises(NotPermitted):
        service.publish(session, partner, made.id, agreement())
    with pytest.raises(InvalidInput):
        service.publish(session, ctx, made.id, agreement(id="agreement-2"))


def test_a_returned_product_is_corrected_and_listed(session: Session, ctx: Context) -> None:
    downloaded(session, ctx)
    made = product(session, ctx)
    partner, office = acting(session, ctx, "u-partner"), acting(session, ctx, "u-platform")
    service.submit(session, partner, made.id, agreement())
    service.send_back(session, office, made.id, reason="说明过于简单")
    service.save(
        session,
        partner,
        made.id,
        name="停车",
        description="更详细",
        kind="report",
        sources=[Source("parking", TODAY)],
    )
    service.submit(session, partner, made.id, agreement())
    service.publish(session, office, made.id, agreement())
    assert [each.id for each in register.public_list(session)] == [made.id]
    service.suspend(session, acting(session, ctx, "u-provider"), made.id, reason="核查")
    assert register.public_list(session) == []
    service.resume(session, office, made.id, reason="核查完毕")
    service.delist(session, partner, made.id, reason="停止运营")
    assert register.public_list(session) == []


@pytest.mark.article("SX-19")
def test_terms_of_trade_are_on_record_and_change_with_the_ledger(session: Session, ctx: Context) -> None:
    made = listed(session, ctx, offer=FREE)
    service.change_offer(session, acting(session, ctx, "u-partner"), made.id, PAID)
    seen = register.public_view(session, made)
    assert seen["offer"]["price_fen"] == 990050
    assert attribution.schema_org(made, [], NAMES)["offers"]["price"] == "9900.50"
    kinds = session.scalars(select(PendingEntry.kind).where(PendingEntry.subject == made.id)).all()
    assert list(kinds) == ["product.create", "product.submit", "product.list", "product.offer"]
    service.change_offer(session, acting(session, ctx, "u-partner"), made.id, None)
    assert register.public_view(session, made)["offer"] is None


@pytest.mark.parametrize(
    "data",
    [
        {"pricing": "free", "licence": "x", "price_fen": 1},
        {"pricing": "once", "licence": "x"},
        {"pricing": "subscription", "licence": "x", "price_fen": 1},
        {"pricing": "once", "licence": "x", "price_fen": 1, "period": "year"},
        {"pricing": "barter", "licence": "x"},
        {"pricing": "free", "licence": ""},
        {"pricing": "once", "licence": "x", "price_fen": 0},
        {},
    ],
)
def test_an_offer_that_contradicts_itself_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        parse_offer(data)


def test_every_pricing_and_kind_is_named() -> None:
    assert all(zh and en for zh, en in (*PRICING.values(), *KINDS.values()))
    for offer in (FREE, PAID):
        assert parse_offer(offer.as_dict()) == offer


@pytest.mark.article("SX-18")
def test_source_and_date_are_stated_for_people_and_for_machines(session: Session, ctx: Context) -> None:
    made = listed(session, ctx)
    sources = service.sources_of(session, made.id)
    zh = attribution.sentence(sources, NAMES)
    assert zh == "本产品使用了以下政务数据：《parking》（晋安市交通运输局，2026年3月2日获取）。"
    assert "acquired 2026-03-02" in attribution.sentence(sources, NAMES, "en")
    (item,) = attribution.csl_json(sources, NAMES)
    assert (item["type"], item["accessed"]) == ("dataset", {"date-parts": [[2026, 3, 2]]})
    page = attribution.schema_org(made, sources, NAMES)
    assert page["isBasedOn"][0]["potentialAction"]["endTime"] == "2026-03-02"
    assert page["creditText"] == zh
    assert register.public_view(session, made)["sources"][0]["acquired"] == "2026-03-02"


def test_the_badge_tells_listed_products_from_others(session: Session, ctx: Context) -> None:
    made = listed(session, ctx)
    good = badge(made)
    service.suspend(session, ctx, made.id, reason="核查")
    for lang in ("zh", "en"):
        pictures = {badge(made, lang), badge(None, lang)}
        assert len(pictures) == 1
    assert "来源已核验" in good
    assert "未在登记名录" in badge(made)
    assert ElementTree.fromstring(good).tag.endswith("svg")  # noqa: S314  (our own text)


def test_the_public_list_goes_on_page_by_page(session: Session, ctx: Context) -> None:
    ids = [listed(session, ctx).id for _ in range(5)]
    product(session, ctx)
    found: list[str] = []
    while page := register.public_list(session, after=found[-1] if found else None, limit=2):
        found += [each.id for each in page]
    assert found == ids[::-1]


@given(st.text(min_size=1, max_size=50), st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_any_title_can_be_cited(title: str, acquired: date) -> None:
    source = ProductSource(
        dataset_id="d", title=title, provider="d-transport", acquired=acquired, evidence=""
    )
    made = Product(id="p", name=title, description=title, kind="dataset", offer=None)
    assert title in attribution.sentence([source], NAMES)
    assert attribution.csl_json([source], NAMES)[0]["title"] == title
    assert attribution.schema_org(made, [source], NAMES)["isBasedOn"][0]["name"] == title


@pytest.mark.parametrize("changes", [{"name": ""}, {"name": "x" * 201}, {"kind": "x"}, {"name": "\x00"}])
def test_a_product_without_a_sound_name_or_kind_is_refused(
    session: Session, ctx: Context, changes: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput):
        product(session, ctx, **changes)
