"""Presidio as its documentation shows it, a cell at a time: analyse, then replace what was found.

The pipeline is a blank Chinese one and the recognizers are patterns of presidio's own kind for what the
register holds (no model is loaded, which favours it). Prints seconds for the rows asked for.

    python presidio_cell.py FILE ROWS
"""

import csv
import json
import sys
import time

import spacy
from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_anonymizer import AnonymizerEngine
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


def main() -> None:
    path, rows = sys.argv[1], int(sys.argv[2])
    recognizers = [
        PatternRecognizer(entity, patterns=[Pattern(entity, pattern, 0.9)], supported_language="zh")
        for entity, pattern in PATTERNS.items()
    ]
    analyzer = AnalyzerEngine(
        registry=RecognizerRegistry(recognizers=recognizers, supported_languages=["zh"]),
        nlp_engine=BlankChinese(),
        supported_languages=["zh"],
    )
    anonymizer = AnonymizerEngine()
    operators = {
        "DEFAULT": OperatorConfig("mask", {"chars_to_mask": 12, "masking_char": "*", "from_end": True})
    }
    with open(path, encoding="utf-8", newline="") as file, open(path + ".peer", "w", encoding="utf-8") as out:
        reader, writer = csv.reader(file), csv.writer(out)
        writer.writerow(next(reader))
        table = [next(reader) for _ in range(rows)]
        begun = time.perf_counter()
        for row in table:
            writer.writerow(
                [
                    anonymizer.anonymize(cell, analyzer.analyze(cell, language="zh"), operators).text
                    for cell in row
                ]
            )
        seconds = time.perf_counter() - begun
    print(json.dumps({"seconds": seconds, "rows": rows}))


if __name__ == "__main__":
    main()
