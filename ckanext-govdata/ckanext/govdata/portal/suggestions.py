"""What a search box suggests while somebody types: entries, columns, departments."""

from __future__ import annotations

from typing import Any

from ckan.plugins import toolkit as tk

from ckanext.govdata.portal import departments, highlight

DATASETS = 6
COLUMNS = 4
DEPARTMENTS = 3
SEARCHED = 12


def suggest(query: str) -> dict[str, list[dict[str, str]]]:
    """Suggestions for ``query``, each ``{label, note, url}``; only what the anonymous public may see."""
    text = " ".join(highlight.words(query))
    if not text:
        return {"datasets": [], "columns": [], "departments": []}
    found = tk.get_action("package_search")(
        {"user": ""}, {"q": text, "rows": SEARCHED, "include_private": False, "facet": False}
    )["results"]
    return {
        "datasets": [
            {
                "label": entry["title"],
                "note": (entry.get("organization") or {}).get("title", ""),
                "url": tk.h.url_for("dataset.read", id=entry["name"]),
            }
            for entry in found[:DATASETS]
        ],
        "columns": _columns(found, text),
        "departments": _departments(text),
    }


def _columns(entries: list[dict[str, Any]], query: str) -> list[dict[str, str]]:
    columns: list[dict[str, str]] = []
    for entry in entries:
        names = [item.get("label") or item["name"] for item in entry.get("information_items") or []]
        for name in highlight.matching(names, query, limit=1):
            columns.append(
                {
                    "label": name,
                    "note": entry["title"],
                    "url": tk.h.url_for("dataset.read", id=entry["name"]) + "#dictionary",
                }
            )
    return columns[:COLUMNS]


def _departments(query: str) -> list[dict[str, str]]:
    """The departments whose name or short name answers best, by how much of it is covered."""
    hits = []
    for department in departments.flat(departments.tree()):
        names = f"{department.title} {department.short_names}"
        covered = sum(end - begin for begin, end in highlight.spans(names, query))
        if covered:
            hits.append((covered, department))
    hits.sort(key=lambda hit: -hit[0])
    return [
        {
            "label": department.title,
            "note": str(department.below),
            "url": tk.h.url_for("organization.read", id=department.name),
        }
        for _, department in hits[:DEPARTMENTS]
    ]
