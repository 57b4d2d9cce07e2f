"""Code that calls the data interface with a token, ready to be copied: what stands in it is the grant's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Example:
    """``language`` as people call it, and the program."""

    language: str
    code: str


def of(grant: dict[str, Any], site: str, names: dict[str, str]) -> list[Example]:
    """A call for the first dataset of the grant, in four languages; the token is read from the environment.

    ``names``: short names of entries by id, as addresses have them.
    """
    dataset = grant["terms"]["datasets"][0]
    address = f"{site}/api/data/v1/{names.get(dataset['id'], dataset['id'])}/records?limit=10"
    purpose, system = (quote(grant["terms"][each]) for each in ("purpose", "system"))
    return [
        Example(
            "curl",
            f"""curl -sS --fail-with-body '{address}' \\
  -H "Authorization: Bearer $GOVDATA_TOKEN" \\
  -H 'Data-Purpose: {purpose}' \\
  -H 'Data-System: {system}'""",
        ),
        Example(
            "Python",
            f"""import os
import requests

answer = requests.get(
    "{address}",
    headers={{
        "Authorization": "Bearer " + os.environ["GOVDATA_TOKEN"],
        "Data-Purpose": "{purpose}",
        "Data-System": "{system}",
    }},
    timeout=30,
)
answer.raise_for_status()
print(answer.json())""",
        ),
        Example(
            "R",
            f"""library(httr2)

request("{address}") |>
  req_headers(
    Authorization = paste("Bearer", Sys.getenv("GOVDATA_TOKEN")),
    `Data-Purpose` = "{purpose}",
    `Data-System` = "{system}"
  ) |>
  req_perform() |>
  resp_body_json()""",
        ),
        Example(
            "JavaScript",
            f"""const answer = await fetch("{address}", {{
  headers: {{
    Authorization: `Bearer ${{process.env.GOVDATA_TOKEN}}`,
    "Data-Purpose": "{purpose}",
    "Data-System": "{system}",
  }},
}});
if (!answer.ok) throw new Error(await answer.text());
console.log(await answer.json());""",
        ),
    ]
