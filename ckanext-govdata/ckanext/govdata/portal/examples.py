"""Ready-made calls of the data API in four languages, with the reader's own resource in them."""

from __future__ import annotations

from dataclasses import dataclass
from string import Template


@dataclass(frozen=True, slots=True)
class Example:
    """One language: ``key`` is an id for the page, ``name`` what people call it."""

    key: str
    name: str
    code: str


_CURL = Template("""curl -G "$api/datastore_search" \\
  --data-urlencode "resource_id=$resource" \\
  --data-urlencode "limit=100" \\
  --data-urlencode 'filters={"$column": "$value"}'""")

_PYTHON = Template("""import json
import urllib.parse
import urllib.request

query = urllib.parse.urlencode({
    "resource_id": "$resource",
    "limit": 100,
    "filters": json.dumps({"$column": "$value"}),
})
with urllib.request.urlopen("$api/datastore_search?" + query) as answer:
    result = json.load(answer)["result"]
print(result["total"], result["records"][:3])""")

_R = Template("""library(jsonlite)

address <- paste0(
  "$api/datastore_search?resource_id=$resource&limit=100",
  "&filters=", URLencode('{"$column": "$value"}', reserved = TRUE)
)
result <- fromJSON(address)$$result
head(result$$records)""")

_JAVASCRIPT = Template("""const query = new URLSearchParams({
  resource_id: "$resource",
  limit: 100,
  filters: JSON.stringify({ "$column": "$value" }),
});
const answer = await fetch(`$api/datastore_search?$${query}`);
const { result } = await answer.json();
console.log(result.total, result.records);""")


def examples(api: str, resource_id: str, column: str, value: str) -> list[Example]:
    """The examples for one resource; ``column`` and ``value`` make a filter that finds something.

    Quotes in a header are escaped for JSON, which every one of the four accepts.
    """
    safe = {
        "api": api.rstrip("/"),
        "resource": resource_id,
        "column": _json_text(column),
        "value": _json_text(value),
    }
    return [
        Example("curl", "curl", _CURL.substitute(safe)),
        Example("python", "Python", _PYTHON.substitute(safe)),
        # R reads the JSON out of a string of its own, so its backslashes are doubled
        Example("r", "R", _R.substitute({k: v.replace("\\", "\\\\") for k, v in safe.items()})),
        Example("js", "JavaScript", _JAVASCRIPT.substitute(safe)),
    ]


def _json_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("'", "\\u0027").replace("\n", "\\n")
