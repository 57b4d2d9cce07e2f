"""Health: diagnoses as ICD-10 codes (GB/T 14396-2016) or names of diseases, kinds and grades of disability (GB/T 26341-2010).

ICD-10: a letter, two digits, with a dot one to three more and extensions of the national clinical edition (``I10.x00``,
``E11.900``, ``J18.9``). Disability: 视力 听力 言语 肢体 智力 精神 多重, grades one to four.

>>> HealthRecognizer().validate(pl.Series(["E11.900", "J18.9", "I10.x00x002", "2型糖尿病", "肢体残疾二级", "一级公路"])).to_list()
[True, True, True, True, True, False]

Health is sensitive personal information (Personal Information Protection Law article 28). The same words about a ward, a drug list
or a year's statistics are nobody's: ``detect`` looks at the table.
"""  # noqa: E501

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl

from anonymize.entities import Entity
from anonymize.recognizers.base import ColumnRecognizer

_ICD = r"[A-TV-Z]\d[0-9A-Z](?:\.[0-9xX]{1,3}(?:[xX]?\d{2,3})?|[xX]\d{2,3})(?:[+*])?"
_ICD_BARE = r"[A-TV-Z]\d{2}"
_DISEASE = (
    r"(?:癌|瘤|炎|病|症|高血压|低血压|中风|偏瘫|截瘫|骨折|梗死|梗塞|出血|结核|哮喘|肝硬化|白血病|尿毒症|癫痫|抑郁|焦虑|痴呆|孤独症|自闭症|贫血|结石|衰竭|感染|中毒|"
    r"综合征|畸形|缺损|溃疡|肺气肿|冠心病|艾滋|梅毒|乙肝|丙肝|红斑狼疮|血友病|脑瘫|帕金森|阿尔茨海默|移植术后|透析|损伤|囊肿|息肉|脱位|突出|增生|水肿|狭窄|早产|流产|阳性|阴性)"
)
_DISABILITY = (
    r"(?:(?:视力|听力|言语|语言|肢体|智力|精神|多重)(?:残疾|障碍|残)?)(?:[一二三四1-4]级)?|(?:残疾)?[一二三四1-4]级(?:残疾)?|重度残疾|轻度残疾|"
    r"(?:完全|部分|不能|半)?(?:能够)?自理|(?:轻|中|重)度?失能|失能|失智|健康|良好|一般或较弱|有慢性病|患有大病|残疾"
)


class HealthRecognizer(ColumnRecognizer):
    """ICD-10 codes, names of diseases, disability."""

    ENTITY = Entity.HEALTH
    HEADER = re.compile(
        r"诊断|病种|疾病|病名|病情|病史|患病|慢病|慢性病|传染病|残疾|残障|伤残|健康状况|身体状况|失能|自理能力|过敏|血型|孕周|精神障碍|病因|icd|diagnos|disease|"
        r"disab|health|medical_?hist|^zd(?:mc|bm)?$|^jkzk$|^cj(?:lb|dj|lx)$",
        re.I,
    )
    TEXT = re.compile(
        rf"(?:患有?|确诊为?|诊断为?[:：]?|身患|罹患)([\u3400-\u9fffA-Za-z0-9]{{0,10}}?{_DISEASE})|(?<![0-9A-Za-z])({_ICD})(?![0-9A-Za-z])"
        r"|((?:视力|听力|言语|肢体|智力|精神|多重)残疾(?:[一二三四]级)?)"
    )
    PREFILTER = r"患|诊|残疾|[A-TV-Z]\d[0-9A-Z]\.\d"
    CONTEXT: ClassVar[tuple[str, ...]] = ("诊断", "患", "病种", "残疾类别")
    SCORE = 0.6
    IN_TEXT = False

    def validate(self, values: pl.Series) -> pl.Series:
        return values.str.contains(
            rf"^(?:{_ICD}|(?:{_DISABILITY})|\p{{Han}}{{0,12}}[0-9A-Za-zⅠ-Ⅻ]{{0,3}}\p{{Han}}{{0,12}}{_DISEASE}"
            r"(?:[(（][^)）]{1,16}[)）])?(?:术后|恢复期|后遗症|待查|[0-9Ⅰ-Ⅻ一二三]{1,2}[级期])?)$"
        )

    def shape(self, values: pl.Series) -> pl.Series:
        """Three-character categories (J18) and blood groups: worth something only under a header that says health."""  # noqa: E501
        return self.validate(values) | values.str.contains(
            rf"^(?:{_ICD_BARE}|(?:A|B|AB|O)型?(?:血)?|Rh[+-]?|[一二三四]级)$"
        )

    def accept(self, candidates: pl.Series, before: pl.Series) -> pl.Series:  # noqa: ARG002
        return candidates.str.len_chars() > 0


def coded(values: pl.Series) -> pl.Series:
    """Full ICD-10 codes, which need no header in a table about persons."""
    return values.str.contains(rf"^(?:{_ICD})$")
