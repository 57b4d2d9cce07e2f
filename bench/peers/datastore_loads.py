"""Loads one CSV file into PostgreSQL: ``datastore_loads.py copy|ours|xloader <ini> <csv>``.

``copy``: bare COPY into a table of text columns, nothing else. ``ours``: ``ckanext.govdata.datastore_load``
with declared types. ``xloader``: ``ckanext.xloader.loader.load_csv``, its own fast way, then its indexes.
Seconds as JSON: of the whole, and of it those of the full text and of its index.
"""

from __future__ import annotations

import csv
import json
import logging
import pkgutil
import sys
import time
import uuid
from pathlib import Path
from typing import Any

TYPES = {"序号": "integer", "出生日期": "date", "月保障金额": "decimal", "审批日期": "date"}
"""Declared types by header; every other column is text."""


def main(how: str, ini: str, source: str) -> dict[str, Any]:
    import ckanext

    # CKAN's path files make ``ckanext`` a package of its own environment; xloader lies in the peer's.
    ckanext.__path__ = pkgutil.extend_path(list(ckanext.__path__), ckanext.__name__)
    from ckan.cli import CKANConfigLoader
    from ckan.config.middleware import make_app

    app = make_app(CKANConfigLoader(ini).get_config())._wsgi_app  # type: ignore[attr-defined]
    with app.test_request_context("/"):
        ways = {"copy": _copy, "ours": _ours, "xloader": _xloader}
        return ways[how](Path(source))


def _headers(source: Path) -> list[str]:
    with source.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


def _copy(source: Path) -> dict[str, Any]:
    from ckanext.datastore.backend.postgres import get_write_engine

    connection = get_write_engine().raw_connection()
    cursor = connection.cursor()
    columns = ", ".join(f'"{header}" text' for header in _headers(source))
    begun = time.perf_counter()
    cursor.execute(f'CREATE TABLE "bench_copy" ({columns})')
    with source.open("rb") as file:
        cursor.copy_expert('COPY "bench_copy" FROM STDIN WITH (FORMAT csv, HEADER)', file, size=1 << 20)
    connection.commit()
    seconds = time.perf_counter() - begun
    cursor.execute('SELECT count(*) FROM "bench_copy"')
    rows = cursor.fetchone()[0]
    cursor.execute('DROP TABLE "bench_copy"')
    connection.commit()
    return {"seconds": seconds, "rows": rows}


def _ours(source: Path) -> dict[str, Any]:
    import polars as pl

    from anonymize.writers import FieldSpec
    from ckanext.govdata import datastore_load

    fields = [FieldSpec(name, TYPES.get(name, "text"), "", "") for name in _headers(source)]
    frame = pl.read_csv(source, infer_schema=False).fill_null("")
    pieces = [frame.slice(at, 50_000) for at in range(0, frame.height, 50_000)]
    resource = str(uuid.uuid4())
    begun = time.perf_counter()
    loaded = datastore_load.load(resource, fields, lambda: iter(pieces), frame.height)
    seconds = time.perf_counter() - begun
    datastore_load.drop(resource)
    parts = {"words": loaded.words_seconds, "index": loaded.index_seconds}
    return {"seconds": seconds, "rows": loaded.rows, "types": loaded.types, **parts}


def _xloader(source: Path) -> dict[str, Any]:
    from ckan.plugins import toolkit as tk
    from ckanext.xloader import loader

    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    package = tk.get_action("package_create")(
        {"user": user, "ignore_auth": True}, {"name": f"bench-{uuid.uuid4()}"}
    )
    resource = tk.get_action("resource_create")(
        {"user": user, "ignore_auth": True},
        {"package_id": package["id"], "url": "http://bench.example/register.csv", "format": "CSV"},
    )
    log = logging.getLogger("xloader")
    fill, words = loader._populate_fulltext, []

    def timed_fill(*given: Any, **named: Any) -> None:
        begun = time.perf_counter()
        fill(*given, **named)
        words.append(time.perf_counter() - begun)

    loader._populate_fulltext = timed_fill
    begun = time.perf_counter()
    fields = loader.load_csv(str(source), resource_id=resource["id"], mimetype="text/csv", logger=log)
    seconds = time.perf_counter() - begun
    loader.create_column_indexes(fields=fields, resource_id=resource["id"], logger=log)
    indexed = time.perf_counter() - begun - seconds
    found = tk.get_action("datastore_search")(
        {"user": user, "ignore_auth": True}, {"resource_id": resource["id"], "limit": 1}
    )
    return {
        "seconds": seconds,
        "words": sum(words),
        "index": indexed,
        "rows": found["total"],
        "headers": [f["id"] for f in fields],
    }


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:4]), ensure_ascii=False))
