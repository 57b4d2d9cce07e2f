"""Presidio for the columns of the register: a blank Chinese pipeline and patterns of presidio's own kind.

No model is loaded, which favours presidio: a model would cost far more than the patterns do.
"""

import spacy
from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_anonymizer.entities import OperatorConfig

PATTERNS = {
    "CN_RESIDENT_ID": r"(?<!\d)[1-9]\d{16}[\dX](?!\d)",
    "CN_MOBILE": r"(?<!\d)1[3-9]\d{9}(?!\d)",
    "CN_BANK_CARD": r"(?<!\d)62\d{14,17}(?!\d)",
    "EMAIL_ADDRESS": r"[\w.+-]+@[\w-]+\.[\w.]+",
    "ADDRESS": r"[\u4e00-\u9fff]{2,}(?:省|市|区|县)[\u4e00-\u9fff\d]+号[\u4e00-\u9fff\d]*",
    "PERSON": r"^[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗][\u4e00-\u9fff]{1,2}$",
}


class BlankChinese(SpacyNlpEngine):
    def __init__(self) -> None:
        super().__init__(models=[{"lang_code": "zh", "model_name": "blank"}])
        self.nlp = {"zh": spacy.blank("zh")}

    def load(self) -> None:
        pass


def analyzer() -> AnalyzerEngine:
    recognizers = [
        PatternRecognizer(entity, patterns=[Pattern(entity, pattern, 0.9)], supported_language="zh")
        for entity, pattern in PATTERNS.items()
    ]
    return AnalyzerEngine(
        registry=RecognizerRegistry(recognizers=recognizers, supported_languages=["zh"]),
        nlp_engine=BlankChinese(),
        supported_languages=["zh"],
    )


def masked() -> OperatorConfig:
    return OperatorConfig("mask", {"chars_to_mask": 12, "masking_char": "*", "from_end": True})
