"""The effect of de-identification in four grades, after clause 4 of GB/T 42460-2023.

1  direct identifiers can still be read;
2  direct identifiers are gone, but combinations of other cells single people out beyond the bound;
3  direct identifiers are gone and the risk by combinations is within the bound (each shown
   combination is shared by at least k rows, 1/k being the accepted risk);
4  nothing in the table is about an individual: no identifier and no quasi-identifier was in it.

The standard leaves the bound to whoever shares the data; here the policy states it (``k``, ``l``, ``t``,
``max_unique_share``). Which columns may still be read directly is the standard's qualitative evaluation
(clause 6.2: the re-scan), the bound its quantitative one (clause 6.3; annex D gives k-anonymity).
"""

from __future__ import annotations

from anonymize.findings import Sentence

GRADES: dict[int, Sentence] = {
    1: Sentence("1 级：仍可直接识别个人", "Grade 1: people can be identified directly"),
    2: Sentence(
        "2 级：直接标识符已消除，但组合信息的重标识风险高于限值",
        "Grade 2: direct identifiers are gone; the risk by combination is above the bound",
    ),
    3: Sentence(
        "3 级：直接标识符已消除，重标识风险在限值以内",
        "Grade 3: direct identifiers are gone; the risk by combination is within the bound",
    ),
    4: Sentence("4 级：不含个人信息", "Grade 4: holds no personal information"),
}


def grade(*, direct: bool, within_bound: bool, about_people: bool) -> int:
    """The grade. ``direct``: identifiers are left; ``within_bound``: k and unique share hold."""
    if direct:
        return 1
    if not within_bound:
        return 2
    return 3 if about_people else 4
