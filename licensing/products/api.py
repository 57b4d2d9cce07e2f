"""Products over HTTP: registering and its steps, and for everybody the list, page, badge and citations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec

from licensing.agreements.models import Agreement
from licensing.filings.facts import AgreementFacts
from licensing.filings.sources import agreement_facts
from licensing.http import cursor
from licensing.http.cursor import Page, Paging
from licensing.http.decisions import steps
from licensing.http.registry import Kind
from licensing.http.route import Call, Media, Reply, Route
from licensing.http.words import Label, Party
from licensing.products import attribution, register, service
from licensing.products.badge import badge
from licensing.products.lifecycle import LIFECYCLE, LISTED, STATE_NAMES
from licensing.products.models import Product
from licensing.products.names import names_of
from licensing.products.offer import Offer
from licensing.products.page import page

TAG = "产品 / Products"
PUBLIC = "产品名录 / Public register of products"
CSL = Media("application/vnd.citationstyles.csl+json")
JSON_LD = Media("application/ld+json")
SVG = Media("image/svg+xml")
HTML = Media("text/html")

Word = Annotated[str, msgspec.Meta(max_length=64)]
Id = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=service.MAX_NAME)]
Text = Annotated[str, msgspec.Meta(max_length=service.MAX_TEXT)]


class Named(msgspec.Struct):
    """A word with its id."""

    id: str
    zh: str
    en: str


class SourceView(msgspec.Struct):
    """A dataset that a product uses. ``evidence`` is the record that proves the day, empty until checked."""

    dataset_id: str
    title: str
    provider: str
    acquired: date
    evidence: str


class ProductView(msgspec.Struct):
    """A product as its maker, the provider of its data and the offices see it."""

    id: str
    version: int
    status: str
    status_label: Label
    owner: Party
    provider: str
    agreement_id: str
    name: str
    description: str
    kind: Named
    offer: Offer | None
    sources: list[SourceView]
    created_at: datetime
    modified_at: datetime


class PublicSource(msgspec.Struct):
    """A source as it is published (SX-18): what, from whom, acquired when."""

    dataset: str
    title: str
    provider: str
    provider_name: str
    acquired: date


class PublicProduct(msgspec.Struct):
    """A product of the register; a natural person who made it is not named."""

    id: str
    name: str
    description: str
    kind: Named
    maker: Label
    listed: bool
    offer: Offer | None
    sources: list[PublicSource]
    attribution: Label


class Wanted(Paging, forbid_unknown_fields=True, kw_only=True):
    """Whose: the caller's own, those made of data of the caller's departments, or all (offices)."""

    view: Literal["all", "own", "received"] = "own"
    agreement: Word = ""
    status: Word = ""


class Spoken(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """In which language."""

    lang: Literal["zh", "en"] = "zh"


class StatedSource(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A dataset that the product uses, and the day in China on which it was acquired."""

    dataset_id: Id
    acquired: date


class RegisterProduct(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A product made under an agreement, as a draft."""

    agreement_id: Id
    name: Name
    description: Text
    kind: Literal["dataset", "interface", "report", "model", "application", "other"]
    sources: Annotated[list[StatedSource], msgspec.Meta(max_length=service.MAX_SOURCES)]
    offer: Offer | None = None


def _named(kind: str) -> Named:
    return Named(kind, *service.KINDS[kind])


def product_view(call: Call, product: Product) -> ProductView:
    """How a product is shown to those who have to do with it."""
    return ProductView(
        id=product.id, version=product.version, status=product.status,
        status_label=Label(*STATE_NAMES[product.status]), owner=Party(product.owner_kind, product.owner),
        provider=product.provider, agreement_id=product.agreement_id, name=product.name,
        description=product.description, kind=_named(product.kind),
        offer=None if product.offer is None else msgspec.convert(product.offer, Offer),
        sources=[
            SourceView(each.dataset_id, each.title, each.provider, each.acquired, each.evidence)
            for each in service.sources_of(call.session, product.id)
        ],
        created_at=product.created_at, modified_at=product.modified_at,
    )  # fmt: skip


def _show(call: Call, product: Product) -> Reply:
    return Reply(product_view(call, product), product.version)


def _find(call: Call) -> Product:
    return call.own(Product, call.path["product_id"])


def _product(call: Call) -> Reply:
    return _show(call, _find(call))


def _list(call: Call) -> Page[ProductView]:
    wanted: Wanted = call.query
    after = cursor.decode(wanted.cursor, tuple[str])
    found = register.list_products(
        call.session, call.ctx, view=wanted.view, agreement_id=wanted.agreement or None,
        status=wanted.status or None, after=after[0] if after else None, limit=wanted.limit,
    )  # fmt: skip
    rows = [product_view(call, row) for row in found.rows]
    return Page(rows, cursor.encode(found.after) if found.after else None)


def _register(call: Call) -> Reply:
    body: RegisterProduct = call.body
    facts = agreement_facts(call.session, call.own(Agreement, body.agreement_id).id)
    made = service.create(
        call.session, call.ctx, facts, name=body.name, description=body.description, kind=body.kind,
        sources=[service.Source(each.dataset_id, each.acquired) for each in body.sources], offer=body.offer,
    )  # fmt: skip
    return Reply(product_view(call, made), made.version, location=f"/products/{made.id}")


def _facts(call: Call) -> AgreementFacts:
    return agreement_facts(call.session, _find(call).agreement_id)


def _submit(call: Call) -> Reply:
    found, facts = _find(call), _facts(call)
    return _show(call, service.submit(call.session, call.ctx, found.id, facts, if_version=call.if_version))


def _publish(call: Call) -> Reply:
    found, facts = _find(call), _facts(call)
    return _show(call, service.publish(call.session, call.ctx, found.id, facts, if_version=call.if_version))


# -- for everybody -------------------------------------------------------------------------------------


def _listed(call: Call) -> Product:
    return register.listed_product(call.session, call.path["product_id"])


def _public(call: Call, product: Product) -> PublicProduct:
    return msgspec.convert(register.public_view(call.session, product), PublicProduct)


def _public_list(call: Call) -> Page[PublicProduct]:
    wanted: Paging = call.query
    after = cursor.decode(wanted.cursor, tuple[str])
    rows = register.public_list(call.session, after=after[0] if after else None, limit=wanted.limit + 1)
    shown = rows[: wanted.limit]
    more = len(rows) > wanted.limit
    return Page([_public(call, row) for row in shown], cursor.encode(shown[-1].id) if more else None)


def _badge(call: Call) -> Reply:
    """Of a product that is not listed, the same whether it was, will be, or never has been."""
    found = call.session.get(Product, call.path["product_id"])
    listed = found if found is not None and found.status == LISTED else None
    version = 0 if listed is None else listed.version
    return Reply(badge(listed, call.query.lang).encode(), version)


def _csl(call: Call) -> bytes:
    sources = service.sources_of(call.session, _listed(call).id)
    names = names_of(call.session, [each.provider for each in sources])
    return msgspec.json.encode(attribution.csl_json(sources, names))


def _structured(call: Call, product: Product) -> dict[str, Any]:
    sources = service.sources_of(call.session, product.id)
    names = names_of(call.session, [each.provider for each in sources])
    return attribution.schema_org(product, sources, names)


def _json_ld(call: Call) -> bytes:
    return msgspec.json.encode(_structured(call, _listed(call)))


def _page(call: Call) -> bytes:
    product, lang = _listed(call), call.query.lang
    view = register.public_view(call.session, product)
    address = f"{call.settings.prefix}/public/products/{product.id}/badge.svg?lang={lang}"
    return page(view, _structured(call, product), address, lang).encode()


SUBJECTS = {LIFECYCLE.name: Kind(Product, LIFECYCLE, STATE_NAMES)}

ROUTES = (
    Route("GET", "/products", "listProducts", TAG, "产品列表，新的在前", "Products, newest first", _list,
          answer=Page[ProductView], query=Wanted),
    Route("POST", "/products", "registerProduct", TAG, "登记产品（草稿）", "Register a product, as a draft",
          _register, answer=ProductView, body=RegisterProduct, status=201, errors=(404,)),
    Route("GET", "/products/{product_id}", "getProduct", TAG, "一个产品", "A product", _product,
          answer=ProductView, versioned=True),
    Route("POST", "/products/{product_id}/submit", "productSubmit", TAG, "提交登记，核对来源和获取日期",
          "Submit; sources and days are checked", _submit, answer=ProductView, versioned=True),
    Route("POST", "/products/{product_id}/publish", "productPublish", TAG, "登记并公布", "List", _publish,
          answer=ProductView, versioned=True),
    *steps(
        tag=TAG, path="/products", place="product_id", find=_find, show=_show, answer=ProductView,
        lifecycles=[LIFECYCLE], noun="product",
        services={
            "save": ("save", service.save),
            "return": ("return", service.send_back),
            "offer": ("offer", service.change_offer),
            "suspend": ("suspend", service.suspend),
            "resume": ("resume", service.resume),
            "delist": ("delist", service.delist),
        },
    ),
    Route("GET", "/public/products", "listPublicProducts", PUBLIC, "产品名录，新的在前",
          "The register, newest first", _public_list, answer=Page[PublicProduct], query=Paging, public=True),
    Route("GET", "/public/products/{product_id}", "getPublicProduct", PUBLIC, "名录中的一个产品",
          "A product of the register", lambda call: _public(call, _listed(call)), answer=PublicProduct,
          public=True),
    Route("GET", "/public/products/{product_id}/page", "getProductPage", PUBLIC, "产品页面", "Its page",
          _page, answer=HTML, query=Spoken, public=True),
    Route("GET", "/public/products/{product_id}/badge.svg", "getProductBadge", PUBLIC,
          "产品徽标，可嵌入网页", "Its badge, to be embedded", _badge, answer=SVG, query=Spoken, public=True,
          versioned=True),
    Route("GET", "/public/products/{product_id}/citation.json", "getProductCitation", PUBLIC,
          "来源的引用格式（CSL-JSON）", "Its sources as CSL-JSON", _csl, answer=CSL, public=True),
    Route("GET", "/public/products/{product_id}/schema.jsonld", "getProductSchema", PUBLIC,
          "产品及来源（schema.org）", "The product and its sources by schema.org", _json_ld, answer=JSON_LD,
          public=True),
)  # fmt: skip
