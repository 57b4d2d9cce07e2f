"""The dataset's side of a release: its data dictionary, and the resources that point at what is published."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.govdata.model import Release
from ckanext.govdata.release.artifacts import SCHEMA, Artifact, media_type_of

TYPES = {"string": "text", "number": "decimal"}
"""Types of the data dictionary that are called otherwise in :data:`anonymize.findings.DeclaredType`."""


if TYPE_CHECKING:
    from anonymize.writers import FieldSpec


def fields(release: Release, dataset: model.Package) -> list[FieldSpec]:
    """The columns as published: header of the file, type of the plan, label and text of the dictionary."""
    # Late: the web process presents releases without loading what writes them.
    from anonymize.writers import FieldSpec

    items = dictionary_of(dataset)
    published = []
    for column in release.plan["columns"]:
        if column["operator"] == "drop":
            continue
        item = items.get(column["name"], {})
        published.append(
            FieldSpec(
                column["name"],
                column["declared_type"],
                item.get("label") or column["name"],
                column.get("description") or item.get("description") or "",
            )
        )
    return published


def dictionary_of(dataset: model.Package) -> dict[str, dict[str, Any]]:
    """Information items by field name and by label; departments write headers either way."""
    raw = (dataset.extras or {}).get("information_items") or []
    items = json.loads(raw) if isinstance(raw, str) else raw
    by_name: dict[str, dict[str, Any]] = {}
    for item in items:
        for name in (item.get("label"), item.get("name")):
            if name:
                by_name[name] = item
    return by_name


def latest_url(dataset_name: str, filename: str) -> str:
    """The stable address of the newest release's file."""
    return _site() + f"/dataset/{quote(dataset_name)}/latest/{quote(filename)}"


def release_url(dataset_name: str, number: int, filename: str) -> str:
    """The immutable address of this release's file."""
    return _site() + f"/dataset/{quote(dataset_name)}/releases/{number}/{quote(filename)}"


def _site() -> str:
    # Not url_for: a worker has no request, and these addresses carry no language.
    root = str(tk.config.get("ckan.root_path") or "").replace("/{{LANG}}", "")
    return str(tk.config["ckan.site_url"]).rstrip("/") + root.rstrip("/")


def resource(
    dataset: model.Package, artifact: Artifact, resource_id: str, *, active: str | None
) -> dict[str, Any]:
    """The CKAN resource that offers ``artifact`` under its stable address.

    ``active``: id of the resource that has a DataStore table.
    """
    document = {
        "id": resource_id,
        "name": artifact.filename,
        "url": latest_url(dataset.name, artifact.filename),
        "format": "Table Schema" if artifact.format == SCHEMA else artifact.format.upper(),
        "mimetype": media_type_of(artifact.format).partition(";")[0],
        "size": artifact.size,
        "hash": f"sha256:{artifact.sha256}",
    }
    if resource_id == active:
        document["datastore_active"] = True
    return document


def replace_resources(dataset: model.Package, *, remove: set[str], add: list[dict[str, Any]]) -> None:
    """Change the dataset's resources in the caller's transaction; neither commits nor indexes.

    Raises:
        ValidationError: the entry does not satisfy its schema; the caller rolls back.
    """
    user = tk.get_action("get_site_user")({"ignore_auth": True, "defer_commit": True}, {})["name"]
    shown = tk.get_action("package_show")(
        {"ignore_auth": True, "user": user, "use_cache": False}, {"id": dataset.id}
    )
    # Handed back, it would be kept: harvesters and feeds must see that the data have changed.
    shown.pop("metadata_modified", None)
    shown["resources"] = [r for r in shown["resources"] if r["id"] not in remove] + add
    tk.get_action("package_update")(
        {"ignore_auth": True, "user": user, "defer_commit": True, "return_id_only": True}, shown
    )
