"""Names that were cut in two: the family name in one column, the given name in another.

Neither half has the form of a name. Together they are one, so the halves are looked for as a pair: a column of
family names and a column of given-name characters, where a header says so of at least one of them, or where
the table is about persons and both vary as names do.
"""  # noqa: E501

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from anonymize.detect.evidence import Evidence
from anonymize.detect.verdict import Verdict
from anonymize.findings import Sentence
from anonymize.recognizers.surnames import COMPOUND, GIVEN, SINGLE, char_class

_FAMILY_HEADER = re.compile(r"^姓$|姓氏$|(?:sur|last|family)[ _]?name|^xing$", re.I)
_GIVEN_HEADER = re.compile(r"^名$|(?:first|given|fore)[ _]?name|^ming$", re.I)
_FAMILY = rf"^(?:{'|'.join(COMPOUND)}|{char_class(SINGLE)})$"
_GIVEN_NAME = rf"^{char_class(''.join(GIVEN))}{{1,2}}$"
_WORD = r"^\p{Han}{1,4}(?:·\p{Han}{1,8})*$|^[A-Z\u00c0-\u00de][A-Za-z\u00c0-\u024f'’ .\-]*$"
_FEWEST = 6
"""Different halves that a column without a header has at least: 甲乙丙 and 男女 have fewer."""


def split_names(
    evidence: Sequence[Evidence], taken: Collection[int], about_persons: bool
) -> dict[int, Verdict]:
    """Verdicts on the two halves, by the column's place; empty when there is no pair.

    Args:
        evidence: of all columns of one table, in order.
        taken: places that have a verdict already.
        about_persons: whether another column tells of persons.
    """
    free = [i for i, e in enumerate(evidence) if i not in taken and e.judged]
    families = {i: _says_family(evidence[i]) for i in free if _is_family(evidence[i])}
    givens = {i: bool(_GIVEN_HEADER.search(evidence[i].name)) for i in free if _is_given(evidence[i])}
    for family, said in families.items():
        for given, also in givens.items():
            if family == given or not (said or also or (about_persons and abs(family - given) == 1)):
                continue
            return {family: _verdict("姓", "family name"), given: _verdict("名", "given name")}
    return {}


def _says_family(e: Evidence) -> bool:
    return bool(_FAMILY_HEADER.search(e.name))


def _is_family(e: Evidence) -> bool:
    if _says_family(e):
        return _fits(e, _WORD) >= 0.5
    return e.judged >= _FEWEST and _fits(e, _FAMILY) >= 0.95


def _is_given(e: Evidence) -> bool:
    if _GIVEN_HEADER.search(e.name):
        return _fits(e, _WORD) >= 0.5
    return e.judged >= _FEWEST and _fits(e, _GIVEN_NAME) >= 0.8


def _fits(e: Evidence, pattern: str) -> float:
    return float(e.values.str.contains(pattern).mean() or 0.0)  # type: ignore[arg-type]


def _verdict(zh: str, en: str) -> Verdict:
    return Verdict(
        "identifier",
        None,
        0.8,
        Sentence(
            f"姓名拆成了两列，本列是{zh}，默认整列遮盖。",
            f"A personal name was cut into two columns, this one is the {en}: redacted whole by default.",
        ),
    )
