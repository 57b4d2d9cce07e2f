"""Catalogue entries as the licensing library asks for them."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk

from ckanext.govdata.interchange import origin
from ckanext.govdata.model import Release, ReleaseArtifact
from licensing.ports import DatasetInfo, Field, Origin, ReleaseInfo

_FORMAT: Final = "csv"
"""The file whose digest stands for a release."""
_LONGEST: Final = 64
"""Characters of an id."""


class PortalCatalogue:
    """Reads CKAN's entries, also those that are not open: an application may ask for them."""

    def dataset(self, dataset_id: str) -> DatasetInfo | None:
        """The entry by id or name, or None when there is none."""
        try:
            entry = tk.get_action("package_show")({"ignore_auth": True, "user": ""}, {"id": dataset_id})
        except tk.ObjectNotFound:
            return None
        if entry.get("type") != "dataset" or entry.get("state") != "active":
            return None
        items: list[dict[str, Any]] = entry.get("information_items") or []
        return DatasetInfo(
            id=entry["id"],
            title=entry["title"],
            provider=entry["owner_org"],
            original_provider=original_provider(items),
            share_type=entry["share_type"],
            open_type=entry["open_type"],
            fields=tuple(Field(each["name"], each["type"], f"L{each['sensitivity']}") for each in items),
            releases=releases_of(entry["id"]),
            origin=_elsewhere(entry),
        )


def _elsewhere(entry: dict[str, Any]) -> Origin | None:
    found = origin.of(entry)
    return Origin(found.platform, found.entry) if found is not None else None


def original_provider(items: list[dict[str, Any]]) -> str | None:
    """The department that items were shared in from (JS-17, HB-14), by id where the portal knows its name.

    A case asks one department for its consent. Items of several are nobody's to consent to as a whole: they
    are named together, which is no department, so that nothing is passed on until the entry is divided.
    """
    named = sorted({str(each.get("origin") or "").strip() for each in items} - {""})
    if len(named) > 1:
        return "、".join(named)[:_LONGEST]
    if not named:
        return None
    found = model.Session.scalar(
        sa.select(model.Group.id).where(
            model.Group.is_organization,
            model.Group.state == "active",
            sa.or_(model.Group.title == named[0], model.Group.name == named[0], model.Group.id == named[0]),
        )
    )
    return str(found) if found is not None else named[0][:_LONGEST]


def releases_of(dataset_id: str) -> tuple[ReleaseInfo, ...]:
    """Versions that were published or are provided under grants, oldest first.

    What stands for a provided one is the digest of its sealed result: it has no file of its own.
    """
    query = (
        sa.select(Release.number, Release.published_at, ReleaseArtifact.sha256)
        .join(ReleaseArtifact, ReleaseArtifact.release_id == Release.id)
        .where(
            Release.dataset_id == dataset_id,
            Release.status == "published",
            ReleaseArtifact.format == _FORMAT,
        )
    )
    provided = sa.select(Release.number, Release.published_at, Release.result_sha256).where(
        Release.dataset_id == dataset_id, Release.status == "provided", Release.result_sha256.is_not(None)
    )
    rows = [*model.Session.execute(query), *model.Session.execute(provided)]
    return tuple(
        ReleaseInfo(number, published.date(), digest)
        for number, published, digest in sorted(rows, key=lambda row: row[0])
    )
