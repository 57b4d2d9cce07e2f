"""A raw file of 200,000 rows to all published formats, against writing those formats alone.

Run by ``make bench`` on a stack of its own. The portal's part is everything that the machine does between
the upload and the public files: scan, desensitise, second scan, assessment, six outputs to the object
store and the DataStore table. The peers write the same published rows as the same five formats into
memory, one after another: once with the libraries used directly (polars, xlsxwriter, lxml), once with our
own writers.
"""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from anonymize.writers import FieldSpec, open_writer
from ckanext.govdata.demo.tables import table
from tests.stack import Stack, running

ROWS = int(os.environ.get("BENCH_ROWS", "200000"))
ENTRY = "bus-card-swipes"
FORMATS = ("csv", "xlsx", "json", "xml", "parquet")
WORKING = {"scanning", "running", "publishing"}


def seconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def settle(stack: Stack, release: str) -> dict[str, Any]:
    """Wait until no worker holds the release; an interval shorter than the figures' last digit."""
    while True:
        shown: dict[str, Any] = stack.action("compiler2", "govdata_release_show", id=release)
        if shown["state"] not in WORKING:
            return shown
        time.sleep(0.1)


def publish(stack: Stack, content: bytes) -> tuple[dict[str, float], bytes]:
    """Take the file through the flow by the API; machine seconds a step, and the published CSV."""
    spent: dict[str, float] = {}
    with stack.client("compiler2") as client:
        begun = time.perf_counter()
        answer = client.post(
            "/api/3/action/govdata_release_create",
            data={"dataset_id": ENTRY, "origin": "own"},
            files={"upload": ("刷卡.csv", content)},
        )
        spent["upload"] = time.perf_counter() - begun
    release = answer.raise_for_status().json()["result"]["id"]

    def step(who: str, name: str, **data: Any) -> dict[str, Any]:
        begun = time.perf_counter()
        stack.action(who, f"govdata_release_{name}", id=release, **data)
        shown = settle(stack, release)
        spent[name] = time.perf_counter() - begun
        return shown

    step("compiler2", "scan")
    step("compiler2", "plan", columns=[{"name": "卡号", "operator": "hash"}])
    step("compiler2", "run")
    step("reviewer2", "sign_off", conclusion="pass", opinion="无涉密")
    step("compiler2", "submit")
    step("reviewer2", "approve", opinion="同意")
    shown = step("compiler2", "publish")
    if shown["state"] != "published":
        raise SystemExit(f"not published: {shown['state']} {shown['failure']} {shown['blockers']}")
    url = next(a["url"] for a in shown["artifacts"] if a["format"] == "csv")
    with stack.client() as client:
        return spent, client.get(url).raise_for_status().content


def by_libraries(frame: pl.DataFrame) -> dict[str, float]:
    """Each format by its library, used as its documentation shows."""
    import xlsxwriter
    from lxml import etree

    def xlsx() -> None:
        book = xlsxwriter.Workbook(io.BytesIO(), {"constant_memory": True, "in_memory": False})
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, frame.columns)
        for number, row in enumerate(frame.iter_rows(), 1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
        book.close()

    def xml() -> None:
        with etree.xmlfile(io.BytesIO(), encoding="utf-8") as out, out.element("rows"):
            for row in frame.iter_rows():
                element = etree.Element("row")
                for name, cell in zip(frame.columns, row, strict=True):
                    etree.SubElement(element, "field", name=name).text = cell
                out.write(element)

    return {
        "csv": seconds(lambda: frame.write_csv(io.BytesIO(), include_bom=True)),
        "xlsx": seconds(xlsx),
        "json": seconds(lambda: frame.write_json(io.BytesIO())),
        "xml": seconds(xml),
        "parquet": seconds(lambda: frame.write_parquet(io.BytesIO())),
    }


def by_writers(frame: pl.DataFrame) -> dict[str, float]:
    """Each format by our own writer."""

    def write(form: str) -> None:
        writer = open_writer(
            form, io.BytesIO(), [FieldSpec(name, "text", name, "") for name in frame.columns]
        )
        writer.write(frame)
        writer.close()

    return {form: seconds(lambda form=form: write(form)) for form in FORMATS}  # type: ignore[misc]


def show(title: str, figures: dict[str, float]) -> float:
    total = sum(figures.values())
    print(f"{title:<44} {total:7.2f} s   " + "  ".join(f"{k} {v:.2f}" for k, v in figures.items()))
    return total


def main() -> None:
    stack = running()
    if stack is None:
        raise SystemExit("no stack answers: run this by `make bench`")
    raw = io.BytesIO()
    table(ENTRY).generate(raw, 7, ROWS)
    spent, published = publish(stack, raw.getvalue())
    frame = pl.read_csv(io.BytesIO(published), infer_schema=False).fill_null("")
    if frame.height != ROWS:
        raise SystemExit(f"{frame.height} rows were published of {ROWS}")
    print(f"{ROWS:,} rows, {len(raw.getvalue()) / 1e6:.1f} MB, {frame.width} published columns")
    portal = show("portal: upload to public files and DataStore", spent)
    libraries = show("the five formats alone, by the libraries", by_libraries(frame))
    writers = show("the five formats alone, by our writers", by_writers(frame))
    print(f"portal / libraries    {portal / libraries:.2f}   (at most 2)")
    print(f"portal / our writers  {portal / writers:.2f}")
    if portal > 2 * libraries:
        raise SystemExit("the mark is missed")


if __name__ == "__main__":
    main()
