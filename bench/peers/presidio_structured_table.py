"""presidio-structured as its documentation shows it: a builder finds the entity of each column, an engine
passes every cell of these columns through an operator.

The builder is left at its defaults, which look at every row. Reading and writing by pandas are counted, as
ours are. Prints the seconds of the whole, and of the operators with reading and writing alone, as if the
entities had been known.

    python presidio_structured_table.py FILE ROWS
"""

import json
import sys
import time

import pandas as pd
from presidio_chinese import analyzer, masked
from presidio_structured import PandasAnalysisBuilder, StructuredEngine


def main() -> None:
    path, rows = sys.argv[1], int(sys.argv[2])
    builder, engine = PandasAnalysisBuilder(analyzer()), StructuredEngine()
    begun = time.perf_counter()
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, nrows=rows)
    read = time.perf_counter()
    analysis = builder.generate_analysis(frame, language="zh")
    analysed = time.perf_counter()
    engine.anonymize(frame, analysis, operators={"DEFAULT": masked()}).to_csv(path + ".peer", index=False)
    ended = time.perf_counter()
    print(
        json.dumps(
            {
                "seconds": ended - begun,
                "operators": (read - begun) + (ended - analysed),
                "entities": len(analysis.entity_mapping),
                "rows": rows,
            }
        )
    )


if __name__ == "__main__":
    main()
