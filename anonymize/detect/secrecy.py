"""Secrecy markings: material that carries one may not enter the platform (SX-2).

The form is that of GB/T 9704-2012 for official documents: 绝密, 机密 or 秘密, usually with ★ and a term
(``机密★10年``). In a cell the star or the bare word is needed, because 商业秘密 and 保密工作 are ordinary words;
in titles, headers and file names the word standing by itself is enough.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from anonymize.findings import Sentence

STARRED = (
    r"(?:绝\s*密|机\s*密|秘\s*密)\s*[★☆✩✪⭐*＊]\s*(?:\d|长期|启用|解密|[一二三五十]|$)|(?:绝密|机密|秘密)★"
)
BARE = r"^[\s(（\[【]*(?:绝\s?密|机\s?密|秘\s?密)(?:级)?[\s)）\]】]*$"
_STANDING = re.compile(
    r"(?:^|[\s(（【\[《〔_\-—.·:：])(?:绝\s?密|机\s?密|秘\s?密)(?:级|件|文件|材料|资料)?(?:$|[\s)）】\]》〕_\-—.·:：★☆])"
)
_STARRED = re.compile(STARRED)


def marked(texts: Iterable[str]) -> bool:
    """True when a title, header or file name carries a marking."""
    return any(_STARRED.search(text) or _STANDING.search(text) for text in texts)


def marked_rows(values: pl.Series, counts: pl.Series) -> int:
    """Rows of a column whose cells carry a marking; ``counts`` says how often each value stands."""
    hit = values.str.contains(STARRED) | values.str.contains(BARE)
    return int(counts.filter(hit).sum()) if hit.any() else 0


def sentence(where_zh: str, where_en: str) -> Sentence:
    return Sentence(
        f"{where_zh}带有国家秘密标志（绝密、机密、秘密）。涉密材料不得进入本平台，请停止上传并报告本单位保密部门。",
        f"{where_en} a state secrecy marking. Classified material may not enter this platform: "
        "stop here and report to your unit's secrecy office.",
    )
