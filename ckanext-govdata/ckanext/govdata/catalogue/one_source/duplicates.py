"""Items of a proposal that other departments provide already, and what becomes of them.

An item is *found* when another department's item is the same by :data:`similarity.SAME` and its entry is
about the same, or is a base library's, or its department is the primary collector of the item:

    strength = s(item, other) · (0.5 + 0.5 · c),   c = 1 for a base library or a primary collector, else
    c = |shared heads that are not common| / |heads of the new entry that are not common|

from :data:`STRONG` on. Reuse is what happens unless the compiler writes why the item has to be collected
again.

Article: JS-11 (one datum, one source; no second collection of what can be had by sharing), SX-10(3), HB-14.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from ckan import model

from ckanext.govdata.catalogue.changes.current import Current
from ckanext.govdata.catalogue.fields import ITEMS_FIELD, Document
from ckanext.govdata.catalogue.one_source import similarity
from ckanext.govdata.catalogue.one_source.candidates import Candidates, FromCatalogue, FromSolr, labels_of
from ckanext.govdata.catalogue.one_source.names import common, read
from ckanext.govdata.catalogue.one_source.similarity import SAME, Item
from ckanext.govdata.model import PrimaryCollector
from licensing.core.errors import InvalidInput

STRONG: Final = 0.65
MATCHES: Final = 5
MOST: Final = 2000
SOLR_UP_TO: Final = 20
"""Proposals with so many entries ask Solr; greater ones read the catalogue once."""
SHORTEST_REASON: Final = 6

Finding = dict[str, Any]


def found(session: Any, organization_id: str, proposal: Sequence[Document]) -> list[Finding]:
    """Findings ``{index, entry, title, item, matches, answer, reason}`` of every new item of the proposal.

    ``entry`` is the place in the proposal; ``matches`` hold ``dataset_id, name, title, department,
    department_title, item, score, primary``. At most :data:`MOST`.
    """
    places = FromSolr if len(proposal) <= SOLR_UP_TO else FromCatalogue
    search = places(session, organization_id)
    names = titles(session)
    collectors = primary(session)
    findings: list[Finding] = []
    for number, one in enumerate(proposal):
        for item, matches in of_entry(search, one["document"], names, collectors, organization_id):
            if not _is_new(one, item) or item.get("origin"):
                continue
            findings.append(
                {
                    "index": len(findings), "entry": number, "title": one["document"].get("title", ""),
                    "item": item["name"], "label": item.get("label") or item["name"], "matches": matches,
                    "answer": "reuse", "reason": "", "by": None,
                }
            )  # fmt: skip
            if len(findings) >= MOST:
                return findings
    return findings


def of_entry(
    search: Candidates,
    document: Document,
    names: Mapping[str, str],
    collectors: Mapping[str, str],
    organization_id: str,
) -> list[tuple[Document, list[dict[str, Any]]]]:
    """(item, its matches by strength) for each item of ``document`` that somebody else provides."""
    items = [item for item in document.get(ITEMS_FIELD) or [] if read(_label(item)).head not in common()]
    if not items:
        return []
    heads = {read(_label(item)).head for item in items}
    entries = search.of([_label(item) for item in items])
    scored: list[tuple[Document, list[dict[str, Any]]]] = []
    for item in items:
        matches = [m for entry in entries if (m := _match(item, entry, heads, names, collectors)) is not None]
        matches.sort(key=lambda match: (-match["score"], match["title"]))
        if matches and collectors.get(read(_label(item)).head) != organization_id:
            scored.append((item, matches[:MATCHES]))
    return scored


def _match(
    item: Document,
    entry: Current,
    heads: set[str],
    names: Mapping[str, str],
    collectors: Mapping[str, str],
) -> dict[str, Any] | None:
    wanted = Item.of(item)
    best: tuple[float, Document] | None = None
    for other in entry.document.get(ITEMS_FIELD) or []:
        if other.get("origin"):
            continue  # they have it from somebody else themselves
        alike = similarity.similarity(wanted, Item.of(other))
        if alike >= SAME and (best is None or alike > best[0]):
            best = (alike, other)
    if best is None:
        return None
    head = wanted.name.head
    first = collectors.get(head) == entry.owner_org
    if first or entry.document.get("base_library"):
        context = 1.0
    else:
        theirs = {read(label).head for label in labels_of(entry.document)}
        context = len(heads & theirs) / len(heads)
    strength = best[0] * (0.5 + 0.5 * context)
    if strength < STRONG:
        return None
    return {
        "dataset_id": entry.id,
        "name": entry.document["name"],
        "title": entry.document.get("title", ""),
        "department": entry.owner_org,
        "department_title": names.get(entry.owner_org, ""),
        "item": best[1].get("label") or best[1].get("name", ""),
        "share_type": entry.document.get("share_type", ""),
        "score": round(strength, 3),
        "primary": first,
    }


def answer(findings: list[Finding], said: Mapping[str, Any], user_id: str) -> None:
    """Write one answer into ``findings``. Raises InvalidInput."""
    kind, reason = said.get("answer"), str(said.get("reason") or "").strip()
    if kind not in ("reuse", "collect"):
        raise InvalidInput("作答应为 reuse 或 collect。", "An answer is reuse or collect.")
    if kind == "collect" and len(reason) < SHORTEST_REASON:
        raise InvalidInput(
            "选择重新采集的，须写明理由（共享方式不能满足履职需要的原因，江苏第十一条）。",
            "Collecting again needs a reason: why sharing does not serve (Jiangsu art. 11).",
        )
    wanted = range(len(findings)) if said.get("index") == "all" else [said.get("index")]
    for index in wanted:
        if not isinstance(index, int) or not 0 <= index < len(findings):
            raise InvalidInput("没有第 {index} 项。", "There is no item {index}.", index=index)
        findings[index] |= {"answer": kind, "reason": reason if kind == "collect" else "", "by": user_id}


def carried_out(proposal: Sequence[Document], findings: Sequence[Finding]) -> list[Document]:
    """The proposal in which every reused item names the department that it comes from."""
    made = [{**one, "document": dict(one["document"])} for one in proposal]
    for finding in findings:
        if finding["answer"] != "reuse":
            continue
        made[finding["entry"]]["valid"] = None  # to be validated again as it is now
        document = made[finding["entry"]]["document"]
        origin = finding["matches"][0]["department_title"]
        document[ITEMS_FIELD] = [
            {**item, "origin": origin} if item["name"] == finding["item"] and not item.get("origin") else item
            for item in document[ITEMS_FIELD]
        ]
    return made


def titles(session: Any) -> dict[str, str]:
    """Names of departments by id."""
    rows = session.execute(sa.select(model.Group.id, model.Group.title).where(model.Group.is_organization))
    return {row.id: row.title for row in rows}


def primary(session: Any) -> dict[str, str]:
    """Primary collectors: canonical name of the item → department."""
    rows = session.execute(sa.select(PrimaryCollector.item, PrimaryCollector.organization_id))
    return {row.item: row.organization_id for row in rows}


def _label(item: Document) -> str:
    return str(item.get("label") or item.get("name") or "")


def _is_new(one: Document, item: Document) -> bool:
    """Whether the entry did not have the item before."""
    if one["kind"] == "new":
        return True
    return any(
        line["field"] == ITEMS_FIELD and line["item"] == item["name"] and not line["before"]["zh"]
        for line in one["difference"]
    )
