"""How a product states its sources: a sentence in Chinese and in English, and citations for machines.

SX-18(2) asks for the source and the date of acquisition of the government data that a product uses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from licensing.products.models import Product, ProductSource

SCHEMA_ORG: Final = "https://schema.org"


def sentence(sources: Sequence[ProductSource], names: Mapping[str, str], lang: str = "zh") -> str:
    """The sentence to be shown; ``names`` are those of departments by id."""
    if lang.startswith("zh"):
        listed = "；".join(
            f"《{each.title}》（{names.get(each.provider, each.provider)}，"
            f"{each.acquired.year}年{each.acquired.month}月{each.acquired.day}日获取）"
            for each in sources
        )
        return f"本产品使用了以下政务数据：{listed}。"
    listed = "; ".join(
        f'"{each.title}" ({names.get(each.provider, each.provider)}, acquired {each.acquired.isoformat()})'
        for each in sources
    )
    return f"This product uses the following government data: {listed}."


def csl_json(sources: Sequence[ProductSource], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """One CSL-JSON item a source; the day of acquisition is ``accessed``."""
    return [
        {
            "id": f"{each.dataset_id}-{each.acquired.isoformat()}",
            "type": "dataset",
            "title": each.title,
            "publisher": names.get(each.provider, each.provider),
            "number": each.dataset_id,
            "accessed": {"date-parts": [[each.acquired.year, each.acquired.month, each.acquired.day]]},
            "language": "zh-CN",
        }
        for each in sources
    ]


def schema_org(
    product: Product, sources: Sequence[ProductSource], names: Mapping[str, str]
) -> dict[str, Any]:
    """The product as JSON-LD; each source stands in ``isBasedOn`` with its completed download."""
    made: dict[str, Any] = {
        "@context": SCHEMA_ORG,
        "@type": "Dataset" if product.kind == "dataset" else "CreativeWork",
        "identifier": product.id,
        "name": product.name,
        "description": product.description,
        "creditText": sentence(sources, names),
        "isBasedOn": [
            {
                "@type": "Dataset",
                "identifier": each.dataset_id,
                "name": each.title,
                "publisher": {
                    "@type": "GovernmentOrganization",
                    "name": names.get(each.provider, each.provider),
                },
                "potentialAction": {
                    "@type": "DownloadAction",
                    "actionStatus": "https://schema.org/CompletedActionStatus",
                    "endTime": each.acquired.isoformat(),
                },
            }
            for each in sources
        ],
    }
    if product.offer is not None:
        made["offers"] = _offer(product.offer)
    return made


def _offer(offer: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"@type": "Offer", "priceCurrency": "CNY"}
    if offer["pricing"] == "free":
        made["price"] = "0"
    elif offer["price_fen"] is not None:
        made["price"] = f"{offer['price_fen'] // 100}.{offer['price_fen'] % 100:02d}"
    made["description"] = offer["licence"]
    return made
