"""The public page of a product as one HTML document without scripts, which search engines understand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from typing import Any, Final

from licensing.products.offer import PRICING, Offer

_STYLE: Final = (
    "body{font-family:sans-serif;line-height:1.6;max-width:48rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "h1{line-height:1.25}table{border-collapse:collapse;width:100%}"
    "th,td{border-bottom:1px solid #ccc;padding:.4rem;text-align:left;vertical-align:top}"
)
_WORDS: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "made": "开发者", "kind": "类型", "sources": "数据来源", "data": "数据", "provider": "提供部门",
        "acquired": "获取日期", "offer": "交易条件", "licence": "使用许可", "price": "价格（元）",
        "venue": "交易场所", "limits": "限制", "lang": "zh-CN",
    },
    "en": {
        "made": "Made by", "kind": "Kind", "sources": "Sources", "data": "Dataset", "provider": "Provided by",
        "acquired": "Acquired", "offer": "Terms of trade", "licence": "Licence", "price": "Price (CNY)",
        "venue": "Venue", "limits": "Restrictions", "lang": "en",
    },
}  # fmt: skip


def page(view: Mapping[str, Any], structured: Mapping[str, Any], badge: str, lang: str = "zh") -> str:
    """The document of a product.

    ``view`` is :func:`licensing.products.register.public_view`, ``structured`` the product as JSON-LD, and
    ``badge`` the address of its badge.
    """
    key = "zh" if lang.startswith("zh") else "en"
    words = _WORDS[key]
    facts = [(words["made"], view["maker"][key]), (words["kind"], view["kind"][key])]
    sources = "".join(
        f"<tr><td>{escape(each['title'])}</td><td>{escape(each['provider_name'])}</td>"
        f"<td>{escape(each['acquired'])}</td></tr>"
        for each in view["sources"]
    )
    offer = "" if view["offer"] is None else _offer(view["offer"], words, key)
    # What stands in a script element must not be able to end it.
    data = json.dumps(structured, ensure_ascii=False).replace("<", "\\u003c")
    return (
        f'<!DOCTYPE html><html lang="{words["lang"]}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(view['name'])}</title><style>{_STYLE}</style>"
        f'<script type="application/ld+json">{data}</script></head><body><main>'
        f'<h1>{escape(view["name"])}</h1><p><img src="{escape(badge)}" alt=""></p>'
        f"<p>{escape(view['description'])}</p>{_list(facts)}<h2>{words['sources']}</h2>"
        f"<table><thead><tr><th>{words['data']}</th><th>{words['provider']}</th>"
        f"<th>{words['acquired']}</th></tr></thead><tbody>{sources}</tbody></table>"
        f"<p>{escape(view['attribution'][key])}</p>{offer}</main></body></html>"
    )


def _offer(offer: Mapping[str, Any], words: Mapping[str, str], key: str) -> str:
    made = Offer(**offer)
    pricing = PRICING[made.pricing][0 if key == "zh" else 1]
    price = "" if made.price_fen is None else f"{made.price_fen // 100}.{made.price_fen % 100:02d}"
    facts = [
        (words["offer"], pricing), (words["price"], price), (words["licence"], made.licence),
        (words["venue"], made.venue), (words["limits"], made.restrictions),
    ]  # fmt: skip
    return f"<h2>{words['offer']}</h2>{_list(facts)}"


def _list(facts: list[tuple[str, str]]) -> str:
    rows = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts if value)
    return f"<dl>{rows}</dl>"
