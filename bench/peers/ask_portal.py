"""Asks a portal's search: ``ask_portal.py <ini> <queries.json>``; prints the names found for each query."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app


def main(ini: str, source: str) -> None:
    queries: list[str] = json.loads(Path(source).read_text(encoding="utf-8"))
    app = make_app(CKANConfigLoader(ini).get_config())._wsgi_app  # type: ignore[attr-defined]
    from ckan.plugins import toolkit as tk

    with app.test_request_context():
        search = tk.get_action("package_search")
        begun = time.perf_counter()
        found = {
            query: [entry["name"] for entry in search({"user": ""}, {"q": query, "rows": 10})["results"]]
            for query in queries
        }
        print(json.dumps({"found": found, "seconds": time.perf_counter() - begun}))


if __name__ == "__main__":
    main(*sys.argv[1:3])
