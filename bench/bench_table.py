"""Questions to a table of a million rows: the portal's pages of rows against CKAN's own ``datastore_search``.

Run by ``make bench`` on a stack of its own. Both run in this process on the same table, without HTTP; CKAN's
is asked with its default (it counts the rows each time). The marks are those of a reader: no answer of ours
takes longer than two seconds, and page ten thousand costs no more than three times the first.
"""

from __future__ import annotations

import os
import random
import statistics as median_of
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from anonymize.writers import FieldSpec

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
BATCH = 100_000
TIMES = 5
SLOWEST = 2.0
FARTHEST = 10_000
FIELDS = [
    FieldSpec("编号", "integer", "", ""),
    FieldSpec("名称", "text", "", ""),
    FieldSpec("县区", "text", "", ""),
    FieldSpec("金额", "decimal", "", ""),
    FieldSpec("日期", "date", "", ""),
    FieldSpec("备注", "text", "", ""),
]


def batches() -> Iterator[pl.DataFrame]:
    dice = random.Random(11)
    for start in range(0, ROWS, BATCH):
        numbers = range(start, min(start + BATCH, ROWS))
        yield pl.DataFrame(
            {
                "编号": [str(n) for n in numbers],
                "名称": [f"第{n % 7919}号停车场{n}" for n in numbers],
                "县区": [dice.choice(("云东区", "云西区", "青溪县")) for _ in numbers],
                "金额": [f"{dice.random() * 10_000:.2f}" for _ in numbers],
                "日期": [f"{2015 + n % 10}-{1 + n % 12:02d}-{1 + n % 28:02d}" for n in numbers],
                "备注": ["" if n % 3 else f"说明{n % 101}" for n in numbers],
            }
        )


def seconds(work: Callable[[], Any]) -> float:
    """The median of a few runs, after one that nobody counts."""
    work()
    spent = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        work()
        spent.append(time.perf_counter() - begun)
    return median_of.median(spent)


def measure(resource_id: str) -> int:
    from ckan.plugins import toolkit as tk
    from werkzeug.datastructures import MultiDict

    from ckanext.govdata.tables import chart, question, rows, shape
    from ckanext.govdata.tables import statistics as facts

    table = shape.of_resource(resource_id)

    def ours(*pairs: tuple[str, str]) -> Callable[[], Any]:
        asked = question.parse(table, MultiDict(pairs))
        return lambda: rows.page(table, asked, ROWS)

    def ckan(**given: Any) -> Callable[[], Any]:
        data = {"resource_id": resource_id, "limit": question.PAGE, **given}
        return lambda: tk.get_action("datastore_search")({"ignore_auth": True}, data)

    far = FARTHEST * question.PAGE if ROWS > FARTHEST * question.PAGE else ROWS // 2
    amount = 10_000 * far / ROWS
    far_page = ours(("after", question.cursor(None, far)))
    far_amount = ours(("sort", "金额"), ("after", question.cursor(f"{amount:.2f}", 1)))
    district = ours(("c", "县区"), ("op", "equals"), ("v", "青溪县"))
    word = ours(("c", "名称"), ("op", "contains"), ("v", "停车场99999"))
    largest = ours(("sort", "金额"), ("order", "desc"))
    least = ours(("c", "金额"), ("op", "at_least"), ("v", "9990"), ("sort", "日期"))
    cases: list[tuple[str, Callable[[], Any], Callable[[], Any] | None]] = [
        ("first page", ours(), ckan(sort="_id asc")),
        ("page 10,000 in the order of the file", far_page, ckan(sort="_id asc", offset=far)),
        ("first page by amount, largest first", largest, ckan(sort='"金额" desc')),
        ("page 10,000 by amount", far_amount, ckan(sort='"金额" asc', offset=far)),
        ("rows of one district", district, ckan(filters={"县区": "青溪县"})),
        ("a word inside a name", word, None),
        ("amount at least, by day", least, None),
    ]
    drawn = chart.parse(table, MultiDict([("x", "日期"), ("y", "金额"), ("step", "month"), ("by", "县区")]))
    cases.append(
        ("chart: sum by month and district", lambda: chart.draw(table, drawn, question.Question()), None)
    )
    print(f"{ROWS:,} rows, {len(FIELDS)} columns; median of {TIMES} runs, seconds")
    print(f"{'':<42}{'portal':>9}{'CKAN':>9}{'times':>8}")
    spent: dict[str, float] = {}
    for name, mine, other in cases:
        spent[name] = seconds(mine)
        peer = seconds(other) if other is not None else None
        beside = "      –       –" if peer is None else f"{peer:9.3f}{peer / spent[name]:8.1f}"
        print(f"{name:<42}{spent[name]:9.3f}{beside}", flush=True)
    begun = time.perf_counter()
    facts.measure(table)
    print(f"{'figures of every column, once a release':<42}{time.perf_counter() - begun:9.3f}")
    slowest = max(spent.values())
    deep = spent["page 10,000 in the order of the file"] / spent["first page"]
    print(
        f"slowest answer {slowest:.2f} s (at most {SLOWEST}); page 10,000 / first page {deep:.1f} (at most 3)"
    )
    return int(slowest > SLOWEST or deep > 3)


def main() -> int:
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    from ckanext.govdata.embedded.environment import portal_environment
    from ckanext.govdata.embedded.home import locate
    from ckanext.govdata.embedded.secrets import load

    home = locate()
    if not home.secrets_file.is_file():
        raise SystemExit("no stack answers: run this by `make bench`")
    os.environ.update(portal_environment(home, load(home.secrets_file)))
    app = make_app(load_config(str(home.ini)))._wsgi_app
    with app.test_request_context():
        import sqlalchemy as sa
        from ckan import model

        from ckanext.govdata import datastore_load

        package = model.Package(
            name="bench-" + uuid.uuid4().hex, title="bench", private=False, type="dataset"
        )
        resource = model.Resource(package_id=None, url="http://127.0.0.1/x", format="CSV")
        package.resources_all.append(resource)
        model.Session.add(package)
        model.Session.commit()
        ids = resource.id, package.id
        try:
            datastore_load.load(ids[0], FIELDS, batches, ROWS)
            return measure(ids[0])
        finally:
            datastore_load.drop(ids[0])
            model.Session.rollback()
            model.Session.execute(sa.delete(model.Resource).where(model.Resource.id == ids[0]))
            model.Session.execute(sa.delete(model.Package).where(model.Package.id == ids[1]))
            model.Session.commit()


if __name__ == "__main__":
    sys.exit(main())
