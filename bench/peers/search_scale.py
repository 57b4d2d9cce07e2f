"""Answers catalogue searches in a process of its own: ``search_scale.py search <ini> <documents> <count>``.

``search_scale.py documents <ini> <file>`` writes the search documents of a portal, as it sends them. They are
multiplied under other ids, names and titles to ``count`` and put into the core of another. What is timed is
``package_search`` as the search page calls it, facets and all, without any cache of answers.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

BATCH = 1000
QUERIES = 200
WARM = 40


def main(what: str, ini: str, seed: str, count: str = "") -> dict[str, Any]:
    from ckan.cli import CKANConfigLoader
    from ckan.config.middleware import make_app

    app = make_app(CKANConfigLoader(ini).get_config())._wsgi_app  # type: ignore[attr-defined]
    if what == "documents":
        with app.test_request_context("/"):
            return {"count": written(Path(seed))}
    documents = json.loads(Path(seed).read_text(encoding="utf-8"))
    with app.test_request_context("/"):
        from ckan.lib.search.common import make_connection
        from ckan.plugins import toolkit as tk

        solr = make_connection()
        solr.delete(q="*:*", commit=True)
        made = multiplied(documents, int(count), str(tk.config["ckan.site_id"]))
        while batch := list(islice(made, BATCH)):
            solr.add(batch, commit=False)
        solr.commit(waitSearcher=True)
        solr.optimize(maxSegments=8)
        asked = questions(documents)
        for question in asked[:WARM]:
            search(question)
        spent, found = [], 0
        for question in asked:
            begun = time.perf_counter()
            found += search(question)["count"] > 0
            spent.append((time.perf_counter() - begun) * 1000)
        total = search({"q": "*:*", "rows": 0})["count"]
    return {
        "count": total,
        "p50": statistics.median(spent),
        "p95": statistics.quantiles(spent, n=20)[-1],
        "answered": found / len(asked),
    }


def written(target: Path) -> int:
    """Write the search documents of every public entry; how many."""
    from ckan import model

    from ckanext.govdata.catalogue import batch_index

    entries = model.Session.query(model.Package.id).filter_by(state="active", type="dataset", private=False)
    made = batch_index.documents([entry for (entry,) in entries.order_by(model.Package.name)])
    target.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    return len(made)


def multiplied(documents: list[dict[str, Any]], count: int, site: str) -> Iterator[dict[str, Any]]:
    """``count`` documents; each copy has a title, a summary and a department's share of its own."""
    rng = Random(5)
    places = [
        f"{name}{kind}"
        for name in "东西南北中新古平安宁和顺昌盛兴隆"
        for kind in ("山县", "河区", "桥镇", "湖乡")
    ]
    for number in range(count):
        source = documents[number % len(documents)]
        place = rng.choice(places)
        name = f"scale-{number}"
        shown = {**json.loads(source["data_dict"]), "id": name, "name": name}
        validated = {**json.loads(source["validated_data_dict"]), "id": name, "name": name}
        for one in (shown, validated):
            one["title"] = f"{place}{one['title']}"
        yield {
            **source,
            "id": name, "index_id": name, "name": name, "site_id": site,
            "title": f"{place}{source['title']}",
            "data_dict": json.dumps(shown), "validated_data_dict": json.dumps(validated),
        }  # fmt: skip


def questions(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What people type: parts of titles, keywords, a facet, pages, another order, an empty box."""
    rng = Random(9)
    asked: list[dict[str, Any]] = []
    for number in range(QUERIES):
        entry = rng.choice(documents)
        title = str(entry["title"])
        begin = rng.randrange(max(1, len(title) - 3))
        words = title[begin : begin + rng.randint(2, 4)]
        asked.append(
            [
                {"q": words},
                {"q": words, "fq": f'theme:"{entry.get("theme", "")}"'},
                {"q": words, "start": 20},
                {"q": words, "sort": "metadata_modified desc"},
                {"q": ""},
            ][number % 5]
        )
    return asked


def search(question: dict[str, Any]) -> Any:
    """One search as the page makes it."""
    from ckan.plugins import toolkit as tk

    facets = ["organization", "theme", "vocab_resource_format", "open_type", "update_cycle"]
    return tk.get_action("package_search")(
        {"ignore_auth": False, "user": ""},
        {"rows": 20, "facet.field": facets, "facet.limit": 50, **question},
    )


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:5])))
