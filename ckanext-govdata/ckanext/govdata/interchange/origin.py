"""Where an entry comes from: ours, or harvested from another platform, which it then stays with.

An entry keeps the address (``uri``) that it has at the platform it was made at, through however many
catalogues it goes. By it the same entry is recognised from two sources (no duplicates), our own is recognised
when another platform shows it to us (no loops), and an application finds the platform that holds the data.
Articles: HB-12, QD-12.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from ckan import model
from ckan.plugins import toolkit as tk
from ckanext.dcat.profiles import DCAT
from rdflib import RDF, Graph

from licensing.core.errors import Conflict

_PATH: Final = "/dataset/"
_LONGEST_NAME: Final = 100
_DIGITS: Final = 8


@dataclass(frozen=True, slots=True)
class Source:
    """Another platform's entry: ``platform`` is how its addresses begin, ``entry`` its id there."""

    platform: str
    entry: str
    address: str


def address(package: Mapping[str, Any]) -> str:
    """The address of a harvested entry at the platform where it was made; empty for an entry of ours."""
    extras = {each["key"]: each["value"] for each in package.get("extras") or ()}
    found = str(extras.get("uri") or "")
    # ``guid`` is what the harvester leaves, and nobody else does.
    return found if extras.get("guid") and found and not is_ours(found) else ""


def of_extras(extras: Mapping[str, Any]) -> Source | None:
    """As :func:`of`, from the extra fields as CKAN stores them."""
    return of({"extras": [{"key": key, "value": value} for key, value in extras.items()]})


def of(package: Mapping[str, Any]) -> Source | None:
    """Where an entry was harvested from; None for an entry of ours."""
    found = address(package)
    if not found:
        return None
    platform, _, entry = found.rpartition(_PATH)
    if not platform or not entry or "/" in entry:
        parts = urlsplit(found)
        return Source(f"{parts.scheme}://{parts.netloc}", hashlib.sha256(found.encode()).hexdigest(), found)
    return Source(platform, entry, found)


def refuse_elsewhere(package: model.Package) -> None:
    """Refuse to change an entry that was harvested.

    Raises:
        Conflict: it changes at its own platform only, and comes in with the next harvest.
    """
    source = of_extras(package.extras or {})
    if source is not None:
        raise Conflict(
            "这条目录来自其他平台，只能在来源平台修改：{address}",
            "This entry comes from another platform and changes only there: {address}",
            address=source.address,
        )


def is_ours(uri: str) -> bool:
    """Whether an address is one of this platform's entries."""
    root = str(tk.config.get("ckan.root_path") or "").replace("/{{LANG}}", "").rstrip("/")
    return uri.startswith(str(tk.config["ckan.site_url"]).rstrip("/") + root + _PATH)


def leave_out_ours(graph: Graph) -> int:
    """Take the datasets that are ours out of what another platform shows; how many there were."""
    ours = [each for each in graph.subjects(RDF.type, DCAT.Dataset) if is_ours(str(each))]
    for each in ours:
        graph.remove((each, RDF.type, DCAT.Dataset))
    return len(ours)


def free_name(dataset: dict[str, Any]) -> None:
    """Give a new entry a short name of its own where one of ours, or of a third platform, has it already."""
    name = str(dataset.get("name") or "")
    if not name or model.Package.get(name) is None:
        return
    extras = {each["key"]: each["value"] for each in dataset.get("extras") or ()}
    mark = hashlib.sha256(str(extras.get("uri") or extras.get("guid") or name).encode()).hexdigest()[:_DIGITS]
    dataset["name"] = f"{name[: _LONGEST_NAME - _DIGITS - 1]}-{mark}"
