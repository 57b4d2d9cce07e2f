"""Columns of two tables that say the same of a person under different names: 出生日期 and 生日, 区县 and 所属区.

Whoever wants to join two tables reads their headers as people do. What a header speaks of is told by the
words that recognizers and the classes of persons go by; whether the cells agree is seen afterwards.
"""  # noqa: E501

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from anonymize.detect import vocabulary
from anonymize.detect.headers import plain_header
from anonymize.entities import LEVEL, Entity
from anonymize.recognizers.registry import recognizers

_SUBJECTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("sex", vocabulary.SEX),
    ("ethnic", vocabulary.ETHNICITY),
    ("education", re.compile(r"学历|文化程度|受教育|学位|education|degree", re.I)),
    ("marriage", re.compile(r"婚姻|婚否|marital", re.I)),
    ("health", re.compile(r"病种|病名|诊断|疾病|残疾类[别型]|disease|diagnos", re.I)),
    ("school", re.compile(r"(?:就读|毕业|所在|所属)?(?:学校|院校)(?:名称)?$|^school", re.I)),
    ("employer", re.compile(r"(?:工作|所在|任职|就业)单位|employer", re.I)),
    ("work", re.compile(r"职业|工种|岗位|occupation|^job", re.I)),
    ("village", re.compile(r"村(?:居|委|组|庄)?(?:名称?)?$|社区|居委会?|village|community", re.I)),
    ("town", re.compile(r"乡镇|镇街|街镇|街道|镇乡|town|street", re.I)),
    (
        "county",
        re.compile(r"[区县]县|县区|县[(]?市|市辖区|^[区县]$|所[属在]区|行政区|辖区|district|county", re.I),
    ),
    ("city", re.compile(r"地市|市州|城市|^市$|city", re.I)),
)
"""What a header speaks of besides the kinds of the recognizers; the first that fits."""

_CLASSES = frozenset(
    {
        Entity.DATE_OF_BIRTH,
        Entity.ADDRESS,
        Entity.COORDINATES,
        Entity.ETHNIC_GROUP,
        Entity.RELIGION,
        Entity.HEALTH,
    }
)
"""Personal kinds that are published in classes. Of the other personal kinds (names, numbers) a mask is left, or a
pseudonym by the release's own key: a surname in two tables is met by chance, in a column of any header."""  # noqa: E501


def folded_name(name: str) -> str:
    """A column's name as it is compared: NFKC, lower case, without spaces around it."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


@lru_cache(maxsize=4096)
def subject(name: str) -> str | None:
    """What a column of this name is about; None where its name says nothing that other tables speak of."""
    plain = plain_header(name)
    for word, header in _SUBJECTS:
        if header.search(plain):
            return word
    kind = next((e for e, one in recognizers().items() if one.HEADER.search(plain)), None)
    return None if kind is None or (LEVEL[kind] > 2 and kind not in _CLASSES) else kind.value


def linking_columns(columns: Sequence[str], others: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of columns (ours, theirs) that may link: of the same name first, then about the same subject.

    A column may stand in several pairs; whose cells agree is for the caller to see.
    """
    theirs = {folded_name(name): name for name in others}
    same = [(name, theirs[folded_name(name)]) for name in columns if folded_name(name) in theirs]
    ours, used = {a for a, _ in same}, {b for _, b in same}
    return same + [
        (name, other)
        for name in columns
        if name not in ours and (about := subject(name)) is not None
        for other in others
        if other not in used and subject(other) == about
    ]
