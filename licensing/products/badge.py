"""A badge that a product can show: a small SVG picture that says what the register says at this moment."""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape

from licensing.products.lifecycle import LISTED
from licensing.products.models import Product

_LABEL: Final = {"zh": "政务数据产品", "en": "Government data"}
_SAYS: Final = {
    "zh": ("来源已核验", "未在登记名录"),
    "en": ("sources verified", "not on the register"),
}
_HEIGHT: Final = 24
_GREEN, _GREY, _DARK = "#1a7f4b", "#6b6b6b", "#333333"


def badge(product: Product | None, lang: str = "zh") -> str:
    """The SVG; a product that is unknown or not listed (any more) gets a grey one that says so."""
    key = "zh" if lang.startswith("zh") else "en"
    good = product is not None and product.status == LISTED
    label, says = _LABEL[key], _SAYS[key][0 if good else 1]
    left, right = _width(label), _width(says)
    title = escape(f"{label}：{says}" if key == "zh" else f"{label}: {says}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{_HEIGHT}" '
        f'role="img" aria-label="{title}"><title>{title}</title>'
        f'<rect width="{left}" height="{_HEIGHT}" fill="{_DARK}"/>'
        f'<rect x="{left}" width="{right}" height="{_HEIGHT}" fill="{_GREEN if good else _GREY}"/>'
        f'<g fill="#ffffff" font-family="sans-serif" font-size="12" text-anchor="middle">'
        f'<text x="{left // 2}" y="16">{escape(label)}</text>'
        f'<text x="{left + right // 2}" y="16">{escape(says)}</text></g></svg>'
    )


def _width(text: str) -> int:
    """Pixels: a Chinese character takes 12, a Latin one about 7, and 8 on each side."""
    return 16 + sum(12 if ord(sign) > 0x2E80 else 7 for sign in text)
