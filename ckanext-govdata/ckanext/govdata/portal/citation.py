"""How a dataset is cited: GB/T 7714—2015, electronic resource of type data set on line, ``[DS/OL]``."""

from __future__ import annotations

from datetime import date
from typing import Any


def gbt7714(dataset: dict[str, Any], address: str, today: date) -> str:
    """Department. Title[DS/OL]. (day of publication)[day of citation]. address.

    Example: ``云州市交通运输局. 公共停车场基本信息[DS/OL]. (2026-03-02)[2026-03-14]. https://…``
    """
    author = (dataset.get("organization") or {}).get("title") or dataset.get("author") or ""
    issued = str(dataset.get("publish_date") or dataset.get("metadata_modified") or "")[:10]
    parts = [f"{author}. " if author else "", f"{dataset['title']}[DS/OL]. "]
    if issued:
        parts.append(f"({issued})")
    parts.append(f"[{today.isoformat()}]. {address}.")
    return "".join(parts)
