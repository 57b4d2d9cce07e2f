"""presidio-structured as its documentation shows it: one entity a column, every cell through an operator.

The entity of each column is given (its builder would have to guess it from samples, which costs more and is
not counted). Reading and writing by pandas are counted, as ours are. Prints seconds.

    python presidio_structured_table.py FILE ROWS
"""

import json
import sys
import time

import pandas as pd
from presidio_anonymizer.entities import OperatorConfig
from presidio_structured import PandasDataProcessor, StructuredAnalysis, StructuredEngine

ENTITIES = {
    "姓名": "PERSON",
    "身份证号": "CN_RESIDENT_ID",
    "出生日期": "DATE_OF_BIRTH",
    "联系电话": "CN_MOBILE",
    "电子邮箱": "EMAIL_ADDRESS",
    "家庭住址": "ADDRESS",
    "银行卡号": "CN_BANK_CARD",
}


def main() -> None:
    path, rows = sys.argv[1], int(sys.argv[2])
    operators = {
        entity: OperatorConfig("mask", {"chars_to_mask": 12, "masking_char": "*", "from_end": True})
        for entity in ENTITIES.values()
    }
    engine = StructuredEngine(data_processor=PandasDataProcessor())
    begun = time.perf_counter()
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, nrows=rows)
    engine.anonymize(frame, StructuredAnalysis(entity_mapping=ENTITIES), operators=operators).to_csv(
        path + ".peer", index=False
    )
    print(json.dumps({"seconds": time.perf_counter() - begun, "rows": rows}))


if __name__ == "__main__":
    main()
