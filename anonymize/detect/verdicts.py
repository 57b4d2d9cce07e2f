"""What is said of a column, and the sentences that say why."""

from __future__ import annotations

from anonymize.detect.evidence import Evidence
from anonymize.detect.verdict import Verdict
from anonymize.entities import Entity
from anonymize.findings import Sentence


def count(e: Evidence) -> str:
    return f"{'约 ' if e.profile.sampled else ''}{e.profile.distinct():,}"


def checked(e: Evidence, entity: Entity, share: float, zh: str, en: str) -> Verdict:
    boost = 0.05 if e.promises(entity) else 0.0
    return Verdict(
        "identifier",
        entity,
        round(min(0.99, max(share, 0.5) + boost), 3),
        Sentence(
            f"去重后 {count(e)} 个值中 {share:.1%} 通过{zh}检查。",
            f"{share:.1%} of {count(e).replace('约', 'about')} distinct values pass the check of {en}.",
        ),
    )


def promised_by_header(e: Evidence, entity: Entity, like: float) -> Verdict:
    return Verdict(
        "identifier",
        entity,
        round(min(0.9, 0.4 + like / 2), 3),
        Sentence(
            f"列名表明是个人标识，去重后 {count(e)} 个值中 {like:.1%} 长度相符（校验多数不通过，按个人标识处理）。",  # noqa: E501
            f"The header names an identifier and {like:.1%} of {count(e).replace('约', 'about')} distinct values have "  # noqa: E501
            "its length (most fail the check; treated as personal all the same).",
        ),
    )


def names(e: Evidence, share: float) -> Verdict:
    return Verdict(
        "identifier",
        Entity.PERSON,
        round(min(0.97, 0.45 + share / 2), 3),
        Sentence(
            f"去重后 {count(e)} 个值中 {share:.1%} 是姓名形式（姓氏表、名用字、整列判断）。",
            f"{share:.1%} of {count(e).replace('约', 'about')} distinct values have the form of a personal name "  # noqa: E501
            "(family names, given-name characters, judged over the whole column).",
        ),
    )


def birth(e: Evidence, share: float, zh: str, en: str) -> Verdict:
    return Verdict(
        "quasi",
        Entity.DATE_OF_BIRTH,
        round(min(0.97, 0.5 + share / 2), 3),
        Sentence(
            f"去重后 {count(e)} 个值中 {share:.1%} 是日期，{zh}。",
            f"{share:.1%} of {count(e).replace('约', 'about')} distinct values are dates, and {en}.",
        ),
        "birth",
    )
