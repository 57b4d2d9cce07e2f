"""Products step by step: registered with the sources that they use, checked, listed, offered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from licensing.core.errors import InvalidInput, NotPermitted, Part
from licensing.core.store.step import begin, claim, load, step
from licensing.core.store.text import refuse_unstorable
from licensing.filings.facts import AgreementFacts
from licensing.parties.line import line_of
from licensing.ports import APPLICANT, Context
from licensing.products.lifecycle import LIFECYCLE
from licensing.products.models import Product, ProductSource
from licensing.products.offer import Offer, parse_offer
from licensing.usage.downloads import obtained_on

KINDS: Final[dict[str, tuple[str, str]]] = {
    "dataset": ("数据集", "Dataset"),
    "interface": ("数据接口", "Interface"),
    "report": ("数据报告", "Report"),
    "model": ("数据模型", "Model"),
    "application": ("应用软件", "Application"),
    "other": ("其他", "Other"),
}
MAX_NAME, MAX_TEXT, MAX_SOURCES = 200, 4000, 200


@dataclass(frozen=True, slots=True)
class Source:
    """A dataset that a product uses, and the day in China on which it was acquired."""

    dataset_id: str
    acquired: date


class SourcesRefused(InvalidInput):
    """Carries the place of every source that nothing proves, as a pointer into the product."""

    code = "sources_refused"

    def __init__(self, faults: Sequence[tuple[int, Part]]) -> None:
        self.faults = tuple(faults)
        super().__init__(
            "产品标注的数据来源有 {count} 处不能成立：{zh_list}",
            "{count} sources of the product do not stand: {en_list}",
            count=len(faults),
            zh_list="".join(f"第{place + 1}项{part.zh}" for place, part in faults),
            en_list=" ".join(f"No. {place + 1}: {part.en}" for place, part in faults),
            pointer=faults[0][1].pointer,
        )

    def parts(self) -> tuple[Part, ...]:
        return tuple(part for _, part in self.faults)


def create(
    session: Session,
    ctx: Context,
    agreement: AgreementFacts,
    *,
    name: str,
    description: str,
    kind: str,
    sources: Sequence[Source],
    offer: Offer | None = None,
) -> Product:
    """A draft of whoever is the applicant of ``agreement``."""
    holder = agreement.party("applicant")
    _require_text(name, description, kind)
    product = Product(
        owner=holder.id, owner_kind=holder.kind, provider=agreement.party("provider").id,
        agreement_id=agreement.id, name=name.strip(), description=description.strip(), kind=kind,
        offer=parse_offer(offer.as_dict()).as_dict() if offer else None,
    )  # fmt: skip
    if APPLICANT not in ctx.authorizer.roles_for(ctx.principal, product):
        raise NotPermitted(
            "只有协议的使用方可以登记产品。", "Only the applicant of the agreement registers its products."
        )
    begin(session, ctx, LIFECYCLE, product, payload={"agreement": agreement.id})
    _set_sources(session, ctx, product, sources)
    return product


def save(
    session: Session,
    ctx: Context,
    product_id: str,
    *,
    name: str,
    description: str,
    kind: str,
    sources: Sequence[Source],
    if_version: int | None = None,
) -> Product:
    """Replace the content of a draft."""
    _require_text(name, description, kind)
    product = load(session, Product, product_id)
    claim(session, product, if_version)
    changes = {"name": name.strip(), "description": description.strip(), "kind": kind}
    step(session, ctx, LIFECYCLE, product, "save", changes=changes)
    _set_sources(session, ctx, product, sources)
    return product


def submit(
    session: Session,
    ctx: Context,
    product_id: str,
    agreement: AgreementFacts,
    *,
    if_version: int | None = None,
) -> Product:
    """Submit the product; every source is checked against recorded downloads and calls (SX-18).

    Raises:
        SourcesRefused: a dataset outside the agreement, or a day on which nothing was obtained.
    """
    return _checked(session, ctx, product_id, agreement, "submit", if_version)


def publish(
    session: Session,
    ctx: Context,
    product_id: str,
    agreement: AgreementFacts,
    *,
    if_version: int | None = None,
) -> Product:
    """Put the product on the public list; the sources are checked once more."""
    return _checked(session, ctx, product_id, agreement, "list", if_version)


def send_back(
    session: Session, ctx: Context, product_id: str, *, reason: str, if_version: int | None = None
) -> Product:
    """Return the product to its owner with reasons."""
    return _plain(session, ctx, product_id, "return", reason, if_version)


def suspend(
    session: Session, ctx: Context, product_id: str, *, reason: str, if_version: int | None = None
) -> Product:
    """Take it off the list for now."""
    return _plain(session, ctx, product_id, "suspend", reason, if_version)


def resume(
    session: Session, ctx: Context, product_id: str, *, reason: str, if_version: int | None = None
) -> Product:
    """Put it back."""
    return _plain(session, ctx, product_id, "resume", reason, if_version)


def delist(
    session: Session, ctx: Context, product_id: str, *, reason: str, if_version: int | None = None
) -> Product:
    """Take it off the list for good."""
    return _plain(session, ctx, product_id, "delist", reason, if_version)


def change_offer(
    session: Session, ctx: Context, product_id: str, offer: Offer | None, *, if_version: int | None = None
) -> Product:
    """Change the terms of trade of a listed product; None: it is not offered any more (SX-19)."""
    product = load(session, Product, product_id)
    terms = parse_offer(offer.as_dict()).as_dict() if offer else None
    return step(
        session, ctx, LIFECYCLE, product, "offer", payload={"offer": terms}, if_version=if_version,
        changes={"offer": terms},
    )  # fmt: skip


def sources_of(session: Session, product_id: str) -> list[ProductSource]:
    """The sources of a product in the order in which they were given."""
    query = select(ProductSource).where(ProductSource.product_id == product_id).order_by(ProductSource.id)
    return list(session.scalars(query))


def _plain(
    session: Session, ctx: Context, product_id: str, action: str, reason: str, if_version: int | None
) -> Product:
    product = load(session, Product, product_id)
    return step(session, ctx, LIFECYCLE, product, action, reason, if_version=if_version)


def _checked(
    session: Session,
    ctx: Context,
    product_id: str,
    agreement: AgreementFacts,
    action: str,
    if_version: int | None,
) -> Product:
    product = load(session, Product, product_id)
    claim(session, product, if_version)
    if agreement.id != product.agreement_id:
        raise InvalidInput("不是该产品的协议。", "This is not the agreement of the product.")
    sources = sources_of(session, product.id)
    transition = LIFECYCLE.find(product.status, action)
    if transition is not None and transition.roles & ctx.authorizer.roles_for(ctx.principal, product):
        _prove(session, product, agreement, sources)
    proofs = [
        {"dataset": each.dataset_id, "acquired": each.acquired.isoformat(), "evidence": each.evidence}
        for each in sources
    ]
    return step(session, ctx, LIFECYCLE, product, action, payload={"sources": proofs})


def _prove(
    session: Session, product: Product, agreement: AgreementFacts, sources: Sequence[ProductSource]
) -> None:
    agreed = {each.id for each in agreement.datasets}
    holders = line_of(session, product.owner, product.owner_kind)
    faults: list[tuple[int, Part]] = []
    if not sources:
        faults.append((0, Part("/sources", "no_source", "没有标注数据来源。", "no source is stated.")))
    for place, each in enumerate(sources):
        at = f"/sources/{place}"
        if each.dataset_id not in agreed:
            zh, en = "不在协议的数据清单内。", "the agreement does not include this dataset."
            faults.append((place, Part(f"{at}/dataset_id", "dataset", zh, en)))
            continue
        each.evidence = obtained_on(session, holders, each.dataset_id, each.acquired)
        if not each.evidence:
            zh, en = "标注的获取日期没有对应的下载或者调用记录。", "nothing was obtained on the stated day."
            faults.append((place, Part(f"{at}/acquired", "acquired", zh, en)))
    if faults:
        raise SourcesRefused(faults)
    session.flush()


def _set_sources(session: Session, ctx: Context, product: Product, sources: Sequence[Source]) -> None:
    given = list(dict.fromkeys(sources))
    if len(given) > MAX_SOURCES:
        raise InvalidInput("数据来源过多。", "There are too many sources.")
    session.execute(delete(ProductSource).where(ProductSource.product_id == product.id))
    for each in given:
        info = ctx.catalogue.dataset(each.dataset_id)
        if info is None:
            raise InvalidInput("目录中没有所标注的数据。", "The catalogue has no such dataset.")
        session.add(
            ProductSource(
                product_id=product.id, dataset_id=info.id, title=info.title, provider=info.provider,
                acquired=each.acquired, evidence="",
            )
        )  # fmt: skip
    session.flush()


def _require_text(name: str, description: str, kind: str) -> None:
    refuse_unstorable([name, description])
    if not 0 < len(name.strip()) <= MAX_NAME or len(description) > MAX_TEXT or kind not in KINDS:
        raise InvalidInput(
            "产品名称、说明或者类型有误。", "The name, the description or the kind of the product is wrong."
        )
